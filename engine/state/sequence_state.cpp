// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/state/sequence_state.h"

#include <optional>

namespace lectern {

Result<SequenceState> SequenceState::create(Backend& backend, std::span<const StateShape> layers, KvType kv_type,
                                            int64_t capacity) {
    SequenceState state;
    state.kv_type_ = kv_type;
    state.capacity_ = capacity;
    std::optional<Error> error;
    const auto allocate = [&](int64_t bytes) {
        auto buffer = backend.allocate(static_cast<size_t>(bytes));
        if (buffer) return std::move(*buffer);
        if (!error) error = buffer.error();
        return DeviceBuffer();
    };
    for (const StateShape& shape : layers) {
        Memory memory;
        memory.shape = shape;
        for (int slot = 0; slot < 2; ++slot) {
            memory.conv[slot] = allocate(4 * shape.conv_floats);
            memory.ssm[slot] = allocate(4 * shape.ssm_floats);
        }
        memory.keys = allocate(capacity * shape.kv_width * int64_t(kv_bytes(kv_type)));
        memory.values = allocate(capacity * shape.kv_width * int64_t(kv_bytes(kv_type)));
        state.layers_.push_back(std::move(memory));
    }
    if (error) return *error;
    return state;
}

LayerState SequenceState::layer(size_t index) {
    Memory& m = layers_[index];
    return {m.conv[active_].floats(), m.conv[1 - active_].floats(), m.ssm[active_].floats(),
            m.ssm[1 - active_].floats(), m.keys.data(), m.values.data()};
}

void SequenceState::commit(int64_t tokens) {
    ENSURE(length_ + tokens <= capacity_, "more tokens than the state has room for");
    active_ = 1 - active_;
    length_ += tokens; // last: keys and values beyond the length do not count
}

} // namespace lectern

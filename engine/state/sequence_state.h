// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// What a model remembers of one sequence: per layer a convolution window and a state matrix (constant size), keys and
/// values of every token. One registry, built from the layers, lists every memory.
///
/// A call writes windows and matrices to a second slot and appends keys and values beyond the length; commit() makes them
/// the state. A call that fails or is cancelled leaves the state where it began.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/model/layer.h"

namespace lectern {

class SequenceState {
public:
    /// An empty sequence with room for `capacity` tokens. Errors: OutOfMemory.
    static Result<SequenceState> create(Backend& backend, std::span<const StateShape> layers, KvType kv_type,
                                        int64_t capacity);

    int64_t length() const { return length_; } ///< tokens that the state has read
    int64_t capacity() const { return capacity_; }
    KvType kv_type() const { return kv_type_; }

    LayerState layer(size_t index);
    void commit(int64_t tokens);

private:
    SequenceState() = default;
    struct Memory {
        StateShape shape;
        DeviceBuffer conv[2], ssm[2]; // committed: [active_]
        DeviceBuffer keys, values;
    };
    std::vector<Memory> layers_;
    KvType kv_type_ = KvType::F32;
    int64_t capacity_ = 0, length_ = 0;
    int active_ = 0;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A layer: a share of the forward pass that reads the residual stream and adds to it. Layers are written once against
/// Backend; a family says which ones a model has, in which order, with which weights.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/backend/backend.h"

namespace lectern {

/// What a layer remembers of a sequence: a window, a matrix (both of constant size), keys and values of every token.
struct StateShape {
    int64_t conv_floats = 0;
    int64_t ssm_floats = 0;
    int64_t kv_width = 0; ///< elements of a token's keys, and of its values
};

/// One layer's memories for one call. `in` is the committed state; `out` becomes it when the whole call succeeds.
struct LayerState {
    const float* conv_in = nullptr;
    float* conv_out = nullptr;
    const float* ssm_in = nullptr;
    float* ssm_out = nullptr;
    void* keys = nullptr;   ///< [positions, kv_width]; the call appends
    void* values = nullptr; ///< likewise
};

/// Working memory of one call, taken from the front and given back at once.
class Scratch {
public:
    void attach(float* data, int64_t floats) { data_ = data, size_ = floats, used_ = 0; }
    void reset() { used_ = 0; }
    float* take(int64_t floats) {
        const int64_t rounded = (floats + 15) / 16 * 16;
        ENSURE(used_ + rounded <= size_, "a layer asked for more scratch than it announced");
        used_ += rounded;
        return data_ + used_ - rounded;
    }

private:
    float* data_ = nullptr;
    int64_t size_ = 0, used_ = 0;
};

struct LayerCall {
    Backend& backend;
    Scratch& scratch;
    LayerState state;
    KvType kv_type;
    int64_t tokens;
    int64_t first_position;
    Phase phase;
};

class Layer {
public:
    virtual ~Layer() = default;
    /// "mamba2", "attention", "mlp", "moe".
    virtual std::string_view kind() const = 0;
    virtual StateShape state() const { return {}; }
    /// Floats of scratch for a call of `tokens`; each piece taken is rounded up to 16.
    virtual int64_t scratch_floats(int64_t tokens) const = 0;
    /// h[tokens, d_model] += residual_scale * f(norm(h)); prefill and, with Phase::Decode, one step.
    virtual void forward(const LayerCall& call, float* h) const = 0;
};

/// Sixteen floats of slack a piece, for scratch_floats.
constexpr int64_t rounded_floats(int64_t floats) { return (floats + 15) / 16 * 16; }

} // namespace lectern

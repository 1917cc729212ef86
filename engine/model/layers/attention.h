// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Causal attention with grouped queries and a cache of keys and values.
/// Source: Vaswani et al. 2017, arXiv:1706.03762; Ainslie et al. 2023, arXiv:2305.13245.
#pragma once

#include "engine/model/layer.h"

namespace lectern {

/// With u = rms_norm(h):   h += residual_scale * output(attention(rope(query u), rope(key u), value u))
class Attention : public Layer {
public:
    struct Weights {
        const float* norm; ///< [d_model]
        Weight query;      ///< [heads head_dim, d_model]
        Weight key, value; ///< [kv_heads head_dim, d_model]
        Weight output;     ///< [d_model, heads head_dim]
        const float* query_bias = nullptr;
        const float* key_bias = nullptr;
        const float* value_bias = nullptr;
        const float* output_bias = nullptr;
        const float* inv_freq = nullptr; ///< [rotary_dim / 2]; null: no positions are encoded
    };
    struct Shape {
        int64_t d_model, heads, kv_heads, head_dim;
        int64_t rotary_dim = 0;
        int64_t window = 0; ///< 0: all keys
        RopePairs rope_pairs = RopePairs::Neighbours;
        float rope_magnitude = 1;
        float scale, norm_eps, residual_scale;
    };

    Attention(const Shape& shape, const Weights& weights) : s_(shape), w_(weights) {}
    std::string_view kind() const override { return "attention"; }
    StateShape state() const override { return {.kv_width = s_.kv_heads * s_.head_dim}; }
    int64_t scratch_floats(int64_t tokens) const override;
    void forward(const LayerCall& call, float* h) const override;

private:
    Shape s_;
    Weights w_;
};

} // namespace lectern

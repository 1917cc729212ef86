// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The Mamba-2 mixer, shared by Mamba-2, Bamba, Granite 4 H, Nemotron-H, Zamba2 and Falcon-H1.
/// Source: Dao & Gu 2024, arXiv:2405.21060.
#pragma once

#include "engine/model/layer.h"

namespace lectern {

/// With u = rms_norm(h):
///     [z | x | B | C | dt] = in_proj u
///     x, B, C = silu(causal_conv1d([x | B | C]))
///     y = ssd_scan(x, B, C, dt)
///     h += residual_scale * out_proj(gated_rms_norm(y, z))
class Mamba2 : public Layer {
public:
    struct Weights {
        const float* norm;     ///< [d_model]
        Weight in_proj;        ///< [2 d_inner + 2 groups d_state + heads, d_model]
        const float* conv;     ///< [conv_dim, kernel], conv_dim = d_inner + 2 groups d_state
        const float* conv_bias; ///< [conv_dim] or null
        const float* dt_bias;  ///< [heads]
        const float* a;        ///< [heads], -exp(A_log)
        const float* d;        ///< [heads]
        const float* gated_norm; ///< [d_inner]
        Weight out_proj;       ///< [d_model, d_inner]
    };
    struct Shape {
        int64_t d_model, heads, head_dim, d_state, groups, conv_kernel;
        int64_t norm_groups; ///< segments of d_inner that the gated norm averages over
        float norm_eps, dt_min, dt_max, residual_scale;
        bool norm_before_gate;

        int64_t d_inner() const { return heads * head_dim; }
        int64_t conv_dim() const { return d_inner() + 2 * groups * d_state; }
        int64_t projection() const { return d_inner() + conv_dim() + heads; }
    };

    Mamba2(const Shape& shape, const Weights& weights) : s_(shape), w_(weights) {}
    std::string_view kind() const override { return "mamba2"; }
    StateShape state() const override;
    int64_t scratch_floats(int64_t tokens) const override;
    void forward(const LayerCall& call, float* h) const override;

private:
    Shape s_;
    Weights w_;
};

} // namespace lectern

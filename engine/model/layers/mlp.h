// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The feed-forward layers: a dense SwiGLU, and a mixture of SwiGLU experts with an optional shared one.
/// Source: Shazeer 2020, arXiv:2002.05202; Shazeer et al. 2017, arXiv:1701.06538.
#pragma once

#include "engine/model/layer.h"

namespace lectern {

struct SwiGluWeights {
    Weight gate, up; ///< [width, d_model]
    Weight down;     ///< [d_model, width]
    explicit operator bool() const { return bool(gate); }
};

/// With u = rms_norm(h):   h += residual_scale * down(silu(gate u) * up u)
class Mlp : public Layer {
public:
    Mlp(const float* norm, float norm_eps, float residual_scale, const SwiGluWeights& weights)
        : norm_(norm), norm_eps_(norm_eps), residual_scale_(residual_scale), w_(weights) {}
    std::string_view kind() const override { return "mlp"; }
    int64_t scratch_floats(int64_t tokens) const override;
    void forward(const LayerCall& call, float* h) const override;

private:
    const float* norm_;
    float norm_eps_, residual_scale_;
    SwiGluWeights w_;
};

/// With u = rms_norm(h):   h += residual_scale * (shared(u) + sum over the chosen experts(weight * expert(u)))
class Moe : public Layer {
public:
    struct Weights {
        const float* norm;    ///< [d_model]
        Weight router;        ///< [experts, d_model]
        Weight gate, up;      ///< [experts, width, d_model]
        Weight down;          ///< [experts, d_model, width]
        SwiGluWeights shared; ///< optional
    };
    Moe(int64_t experts_used, bool renormalise, float norm_eps, float residual_scale, const Weights& weights)
        : used_(experts_used), renormalise_(renormalise), norm_eps_(norm_eps), residual_scale_(residual_scale),
          w_(weights) {}
    std::string_view kind() const override { return "moe"; }
    int64_t scratch_floats(int64_t tokens) const override;
    void forward(const LayerCall& call, float* h) const override;

private:
    int64_t used_;
    bool renormalise_;
    float norm_eps_, residual_scale_;
    Weights w_;
};

} // namespace lectern

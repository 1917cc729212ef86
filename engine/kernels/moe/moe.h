// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Mixture of experts: choosing them, and the products with the chosen ones.
#pragma once

#include "engine/kernels/kernel_types.h"

namespace lectern {

class ThreadPool;

/// Chooses `used` experts a token by their router logits and weighs them by a softmax over the chosen
/// (renormalise), or over all experts (not renormalise). Ties go to the lower id; the ids of a token are ascending, so
/// that its experts are added in order of id.
///
///   logits   [tokens, experts] f32        ids  [tokens, used] i32        weights  [tokens, used] f32
/// Source: Shazeer et al. 2017, arXiv:1701.06538.
struct MoeRouteArgs {
    const float* logits;
    int32_t* ids;
    float* weights;
    int64_t tokens;
    int64_t experts;
    int64_t used;
    bool renormalise;
};
void moe_route_ref(const MoeRouteArgs& args);

/// The SwiGLU experts that were chosen:
///
///     y[t] = sum_s weights[t, s] down[e] (silu(gate[e] x[t]) * up[e] x[t]),   e = ids[t, s]
///
///   x, y      [tokens, d_model] f32
///   gate, up  [experts, width, d_model], down [experts, d_model, width], any stored type
///   scratch   moe_scratch_floats(tokens, d_model, width) f32
struct MoeExpertsArgs {
    const float* x;
    const int32_t* ids;
    const float* weights;
    Weight gate;
    Weight up;
    Weight down;
    float* y;
    float* scratch;
    int64_t tokens;
    int64_t used;
    Phase phase;
};
constexpr int64_t moe_scratch_floats(int64_t tokens, int64_t d_model, int64_t width) {
    return tokens * (2 * d_model + 2 * width);
}
void moe_experts_ref(const MoeExpertsArgs& args);
void moe_experts_cpu(const MoeExpertsArgs& args, ThreadPool& pool);

} // namespace lectern

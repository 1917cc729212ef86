// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/layers/mlp.h"

namespace lectern {
namespace {

int64_t swiglu_scratch(const SwiGluWeights& w, int64_t tokens) { return 2 * rounded_floats(tokens * w.gate.rows); }

/// y[tokens, d_model] = down(silu(gate x) * up x)
void swiglu_product(const LayerCall& call, const SwiGluWeights& w, const float* x, float* y) {
    float* gate = call.scratch.take(call.tokens * w.gate.rows);
    float* up = call.scratch.take(call.tokens * w.up.rows);
    call.backend.linear({x, w.gate, nullptr, gate, call.tokens, w.gate.rows, call.phase});
    call.backend.linear({x, w.up, nullptr, up, call.tokens, w.up.rows, call.phase});
    call.backend.swiglu({gate, up, gate, call.tokens, w.gate.rows});
    call.backend.linear({gate, w.down, nullptr, y, call.tokens, w.down.rows, call.phase});
}

} // namespace

int64_t Mlp::scratch_floats(int64_t tokens) const {
    return 2 * rounded_floats(tokens * w_.gate.cols) + swiglu_scratch(w_, tokens);
}

void Mlp::forward(const LayerCall& call, float* h) const {
    const int64_t d_model = w_.gate.cols;
    float* u = call.scratch.take(call.tokens * d_model);
    float* y = call.scratch.take(call.tokens * d_model);
    call.backend.rms_norm({h, norm_, u, call.tokens, d_model, norm_eps_});
    swiglu_product(call, w_, u, y);
    call.backend.add_scaled({h, y, call.tokens * d_model, residual_scale_});
}

int64_t Moe::scratch_floats(int64_t tokens) const {
    return 2 * rounded_floats(tokens * w_.gate.cols) + (w_.shared ? swiglu_scratch(w_.shared, tokens) : 0) +
           rounded_floats(tokens * w_.router.rows) + 2 * rounded_floats(tokens * used_) +
           rounded_floats(moe_scratch_floats(tokens, w_.gate.cols, w_.gate.rows));
}

void Moe::forward(const LayerCall& call, float* h) const {
    const int64_t tokens = call.tokens, d_model = w_.gate.cols;
    float* u = call.scratch.take(tokens * d_model);
    float* y = call.scratch.take(tokens * d_model);
    float* logits = call.scratch.take(tokens * w_.router.rows);
    auto* ids = reinterpret_cast<int32_t*>(call.scratch.take(tokens * used_));
    float* weights = call.scratch.take(tokens * used_);
    float* working = call.scratch.take(moe_scratch_floats(tokens, d_model, w_.gate.rows));

    call.backend.rms_norm({h, w_.norm, u, tokens, d_model, norm_eps_});
    if (w_.shared) {
        swiglu_product(call, w_.shared, u, y);
        call.backend.add_scaled({h, y, tokens * d_model, residual_scale_});
    }
    call.backend.linear({u, w_.router, nullptr, logits, tokens, w_.router.rows, call.phase});
    call.backend.moe_route({logits, ids, weights, tokens, w_.router.rows, used_, renormalise_});
    call.backend.moe_experts({.x = u,
                              .ids = ids,
                              .weights = weights,
                              .gate = w_.gate,
                              .up = w_.up,
                              .down = w_.down,
                              .y = y,
                              .scratch = working,
                              .tokens = tokens,
                              .used = used_,
                              .phase = call.phase});
    call.backend.add_scaled({h, y, tokens * d_model, residual_scale_});
}

} // namespace lectern

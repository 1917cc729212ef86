// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/layers/mamba2.h"

namespace lectern {

StateShape Mamba2::state() const {
    return {.conv_floats = (s_.conv_kernel - 1) * s_.conv_dim(), .ssm_floats = s_.d_inner() * s_.d_state};
}

int64_t Mamba2::scratch_floats(int64_t tokens) const {
    return rounded_floats(tokens * s_.d_model) + rounded_floats(tokens * s_.projection()) +
           rounded_floats(tokens * s_.conv_dim()) + rounded_floats(tokens * s_.d_inner());
}

void Mamba2::forward(const LayerCall& call, float* h) const {
    Backend& backend = call.backend;
    const int64_t tokens = call.tokens;
    float* u = call.scratch.take(tokens * s_.d_model);
    float* projected = call.scratch.take(tokens * s_.projection()); // rows of [z | x | B | C | dt]
    float* xbc = call.scratch.take(tokens * s_.conv_dim());         // rows of [x | B | C] after the convolution
    float* y = call.scratch.take(tokens * s_.d_inner());

    backend.rms_norm({h, w_.norm, u, tokens, s_.d_model, s_.norm_eps});
    backend.linear({u, w_.in_proj, nullptr, projected, tokens, s_.projection(), call.phase});
    backend.causal_conv1d({.x = projected + s_.d_inner(),
                           .weight = w_.conv,
                           .bias = w_.conv_bias,
                           .state_in = call.state.conv_in,
                           .state_out = call.state.conv_out,
                           .y = xbc,
                           .tokens = tokens,
                           .channels = s_.conv_dim(),
                           .kernel = s_.conv_kernel,
                           .x_stride = s_.projection(),
                           .silu = true});
    backend.ssd_scan({.x = xbc,
                      .b = xbc + s_.d_inner(),
                      .c = xbc + s_.d_inner() + s_.groups * s_.d_state,
                      .dt_raw = projected + s_.d_inner() + s_.conv_dim(),
                      .dt_bias = w_.dt_bias,
                      .a = w_.a,
                      .d = w_.d,
                      .state_in = call.state.ssm_in,
                      .state_out = call.state.ssm_out,
                      .y = y,
                      .tokens = tokens,
                      .heads = s_.heads,
                      .head_dim = s_.head_dim,
                      .d_state = s_.d_state,
                      .groups = s_.groups,
                      .xbc_stride = s_.conv_dim(),
                      .dt_stride = s_.projection(),
                      .dt_min = s_.dt_min,
                      .dt_max = s_.dt_max});
    backend.gated_rms_norm({.x = y,
                            .z = projected,
                            .weight = w_.gated_norm,
                            .y = y,
                            .tokens = tokens,
                            .width = s_.d_inner(),
                            .z_stride = s_.projection(),
                            .groups = s_.norm_groups,
                            .eps = s_.norm_eps,
                            .norm_before_gate = s_.norm_before_gate});
    backend.linear({y, w_.out_proj, nullptr, u, tokens, s_.d_model, call.phase});
    backend.add_scaled({h, u, tokens * s_.d_model, s_.residual_scale});
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/layers/attention.h"

namespace lectern {

int64_t Attention::scratch_floats(int64_t tokens) const {
    return rounded_floats(tokens * s_.d_model) + 2 * rounded_floats(tokens * s_.heads * s_.head_dim) +
           2 * rounded_floats(tokens * s_.kv_heads * s_.head_dim);
}

void Attention::forward(const LayerCall& call, float* h) const {
    Backend& backend = call.backend;
    const int64_t tokens = call.tokens;
    const int64_t q_width = s_.heads * s_.head_dim, kv_width = s_.kv_heads * s_.head_dim;
    float* u = call.scratch.take(tokens * s_.d_model);
    float* q = call.scratch.take(tokens * q_width);
    float* k = call.scratch.take(tokens * kv_width);
    float* v = call.scratch.take(tokens * kv_width);
    float* mixed = call.scratch.take(tokens * q_width);

    backend.rms_norm({h, w_.norm, u, tokens, s_.d_model, s_.norm_eps});
    backend.linear({u, w_.query, w_.query_bias, q, tokens, q_width, call.phase});
    backend.linear({u, w_.key, w_.key_bias, k, tokens, kv_width, call.phase});
    backend.linear({u, w_.value, w_.value_bias, v, tokens, kv_width, call.phase});
    if (w_.inv_freq) {
        const auto rotate = [&](float* x, int64_t heads) {
            backend.rope({x, w_.inv_freq, tokens, call.first_position, heads, s_.head_dim, s_.rotary_dim,
                          heads * s_.head_dim, s_.rope_magnitude, s_.rope_pairs});
        };
        rotate(q, s_.heads);
        rotate(k, s_.kv_heads);
    }
    backend.store_kv({k, call.state.keys, tokens, call.first_position, kv_width, kv_width, call.kv_type});
    backend.store_kv({v, call.state.values, tokens, call.first_position, kv_width, kv_width, call.kv_type});
    backend.attention({.q = q,
                       .k = call.state.keys,
                       .v = call.state.values,
                       .y = mixed,
                       .tokens = tokens,
                       .first_position = call.first_position,
                       .heads = s_.heads,
                       .kv_heads = s_.kv_heads,
                       .head_dim = s_.head_dim,
                       .q_stride = q_width,
                       .window = s_.window,
                       .scale = s_.scale,
                       .kv_type = call.kv_type,
                       .causal = true,
                       .phase = call.phase});
    backend.linear({mixed, w_.output, w_.output_bias, u, tokens, s_.d_model, call.phase});
    backend.add_scaled({h, u, tokens * s_.d_model, s_.residual_scale});
}

} // namespace lectern

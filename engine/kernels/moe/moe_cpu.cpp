// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <vector>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/elementwise/elementwise.h"
#include "engine/kernels/linear/linear.h"
#include "engine/kernels/moe/moe.h"

namespace lectern {

void moe_experts_cpu(const MoeExpertsArgs& a, ThreadPool& pool) {
    const int64_t d_model = a.gate.cols, width = a.gate.rows;
    float* rows_in = a.scratch;                    // [rows, d_model] the tokens of one expert
    float* rows_out = rows_in + a.tokens * d_model; // [rows, d_model]
    float* gate = rows_out + a.tokens * d_model;   // [rows, width]
    float* up = gate + a.tokens * width;           // [rows, width]
    struct Routed {
        int64_t token;
        float weight;
    };
    std::vector<std::vector<Routed>> routed(static_cast<size_t>(a.gate.experts));
    for (int64_t t = 0; t < a.tokens; ++t)
        for (int64_t s = 0; s < a.used; ++s)
            routed[size_t(a.ids[t * a.used + s])].push_back({t, a.weights[t * a.used + s]});

    std::fill_n(a.y, a.tokens * d_model, 0.0f);
    // Expert after expert in order of id: that is the order in which a token's experts are added, in every call.
    for (int64_t e = 0; e < a.gate.experts; ++e) {
        const auto& list = routed[size_t(e)];
        const auto rows = static_cast<int64_t>(list.size());
        if (rows == 0) continue;
        for (int64_t r = 0; r < rows; ++r)
            std::copy_n(a.x + list[size_t(r)].token * d_model, d_model, rows_in + r * d_model);
        linear_cpu({rows_in, a.gate.expert(e), nullptr, gate, rows, width, a.phase}, pool);
        linear_cpu({rows_in, a.up.expert(e), nullptr, up, rows, width, a.phase}, pool);
        swiglu_cpu({gate, up, gate, rows, width}, pool);
        linear_cpu({gate, a.down.expert(e), nullptr, rows_out, rows, d_model, a.phase}, pool);
        for (int64_t r = 0; r < rows; ++r) {
            float* y = a.y + list[size_t(r)].token * d_model;
            for (int64_t i = 0; i < d_model; ++i) y[i] += list[size_t(r)].weight * rows_out[r * d_model + i];
        }
    }
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/moe/moe.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace lectern {

void moe_route_ref(const MoeRouteArgs& a) {
    std::vector<int32_t> order(static_cast<size_t>(a.experts));
    for (int64_t t = 0; t < a.tokens; ++t) {
        const float* logits = a.logits + t * a.experts;
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](int32_t x, int32_t y) { return logits[x] > logits[y]; });
        const double largest = logits[order[0]];
        double total = 0;
        for (int64_t e = 0; e < (a.renormalise ? a.used : a.experts); ++e) total += std::exp(logits[order[size_t(e)]] - largest);
        std::sort(order.begin(), order.begin() + a.used);
        for (int64_t s = 0; s < a.used; ++s) {
            a.ids[t * a.used + s] = order[size_t(s)];
            a.weights[t * a.used + s] = float(std::exp(logits[order[size_t(s)]] - largest) / total);
        }
    }
}

void moe_experts_ref(const MoeExpertsArgs& a) {
    const int64_t d_model = a.gate.cols, width = a.gate.rows;
    std::vector<float> w(static_cast<size_t>(std::max(d_model, width)));
    std::vector<double> hidden(static_cast<size_t>(width));
    const auto dot = [&](const Weight& weight, int64_t row, const auto* x) {
        dequantize_row(weight.type, static_cast<const std::byte*>(weight.data) + size_t(row) * weight.row_stride(),
                       w.data(), size_t(weight.cols));
        double sum = 0;
        for (int64_t k = 0; k < weight.cols; ++k) sum += double(x[k]) * w[size_t(k)];
        return sum;
    };
    std::fill_n(a.y, a.tokens * d_model, 0.0f);
    for (int64_t t = 0; t < a.tokens; ++t) {
        for (int64_t s = 0; s < a.used; ++s) {
            const int64_t e = a.ids[t * a.used + s];
            const Weight gate = a.gate.expert(e), up = a.up.expert(e), down = a.down.expert(e);
            for (int64_t i = 0; i < width; ++i) {
                const double g = dot(gate, i, a.x + t * d_model);
                hidden[size_t(i)] = g / (1.0 + std::exp(-g)) * dot(up, i, a.x + t * d_model);
            }
            for (int64_t i = 0; i < d_model; ++i)
                a.y[t * d_model + i] += float(a.weights[t * a.used + s] * dot(down, i, hidden.data()));
        }
    }
}

} // namespace lectern

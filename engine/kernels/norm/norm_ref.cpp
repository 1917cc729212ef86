// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/norm/norm.h"

#include <cmath>

namespace lectern {

static double silu(double x) { return x / (1.0 + std::exp(-x)); }

void rms_norm_ref(const RmsNormArgs& a) {
    for (int64_t t = 0; t < a.tokens; ++t) {
        const float* x = a.x + t * a.width;
        double squares = 0;
        for (int64_t i = 0; i < a.width; ++i) squares += double(x[i]) * x[i];
        const double inverse = 1.0 / std::sqrt(squares / double(a.width) + a.eps);
        for (int64_t i = 0; i < a.width; ++i) a.y[t * a.width + i] = float(x[i] * inverse * a.weight[i]);
    }
}

void gated_rms_norm_ref(const GatedRmsNormArgs& a) {
    const int64_t group_width = a.width / a.groups;
    for (int64_t t = 0; t < a.tokens; ++t) {
        for (int64_t start = 0; start < a.width; start += group_width) {
            const float* x = a.x + t * a.width + start;
            const float* z = a.z + t * a.z_stride + start;
            double squares = 0;
            for (int64_t i = 0; i < group_width; ++i) {
                const double u = a.norm_before_gate ? x[i] : x[i] * silu(z[i]);
                squares += u * u;
            }
            const double inverse = 1.0 / std::sqrt(squares / double(group_width) + a.eps);
            for (int64_t i = 0; i < group_width; ++i)
                a.y[t * a.width + start + i] = float(x[i] * silu(z[i]) * inverse * a.weight[start + i]);
        }
    }
}

void layer_norm_ref(const LayerNormArgs& a) {
    for (int64_t t = 0; t < a.tokens; ++t) {
        const int64_t row = t * a.width;
        const auto value = [&](int64_t i) {
            return double(a.x[row + i]) + (a.residual ? double(a.residual[row + i]) : 0.0);
        };
        double sum = 0;
        for (int64_t i = 0; i < a.width; ++i) sum += value(i);
        const double mean = sum / double(a.width);
        double variance = 0;
        for (int64_t i = 0; i < a.width; ++i) variance += (value(i) - mean) * (value(i) - mean);
        const double inverse = 1.0 / std::sqrt(variance / double(a.width) + a.eps);
        for (int64_t i = 0; i < a.width; ++i)
            a.y[row + i] = float((value(i) - mean) * inverse * a.weight[i] + a.bias[i]);
    }
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/ssd_scan/ssd_scan.h"

#include <algorithm>
#include <cmath>

namespace lectern {

static double softplus(double x) { return x > 20 ? x : std::log1p(std::exp(x)); }

void ssd_scan_ref(const SsdScanArgs& a) {
    const int64_t heads_a_group = a.heads / a.groups;
    for (int64_t h = 0; h < a.heads; ++h) {
        const int64_t group = h / heads_a_group;
        const int64_t head_state = h * a.head_dim * a.d_state;
        std::copy_n(a.state_in + head_state, a.head_dim * a.d_state, a.state_out + head_state);
        for (int64_t t = 0; t < a.tokens; ++t) {
            const double dt = std::clamp(softplus(double(a.dt_raw[t * a.dt_stride + h]) + a.dt_bias[h]),
                                         double(a.dt_min), double(a.dt_max));
            const double decay = std::exp(dt * a.a[h]);
            const float* b = a.b + t * a.xbc_stride + group * a.d_state;
            const float* c = a.c + t * a.xbc_stride + group * a.d_state;
            for (int64_t p = 0; p < a.head_dim; ++p) {
                const double x = a.x[t * a.xbc_stride + h * a.head_dim + p];
                float* s = a.state_out + head_state + p * a.d_state;
                double sum = a.d[h] * x;
                for (int64_t n = 0; n < a.d_state; ++n) {
                    s[n] = float(decay * s[n] + dt * x * b[n]);
                    sum += double(s[n]) * c[n];
                }
                a.y[(t * a.heads + h) * a.head_dim + p] = float(sum);
            }
        }
    }
}

} // namespace lectern

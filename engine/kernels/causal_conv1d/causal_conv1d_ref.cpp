// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/causal_conv1d/causal_conv1d.h"

#include <cmath>

namespace lectern {

void causal_conv1d_ref(const CausalConv1dArgs& a) {
    const int64_t past = a.kernel - 1;
    // Raw value of channel ch at time t; negative times are the carried window.
    const auto raw = [&](int64_t t, int64_t ch) {
        return t < 0 ? a.state_in[(t + past) * a.channels + ch] : a.x[t * a.x_stride + ch];
    };
    for (int64_t t = 0; t < a.tokens; ++t) {
        for (int64_t ch = 0; ch < a.channels; ++ch) {
            double sum = a.bias ? a.bias[ch] : 0.0;
            for (int64_t j = 0; j < a.kernel; ++j) sum += double(a.weight[ch * a.kernel + j]) * raw(t - past + j, ch);
            a.y[t * a.channels + ch] = float(a.silu ? sum / (1.0 + std::exp(-sum)) : sum);
        }
    }
    for (int64_t j = 0; j < past; ++j)
        for (int64_t ch = 0; ch < a.channels; ++ch) a.state_out[j * a.channels + ch] = raw(a.tokens - past + j, ch);
}

} // namespace lectern

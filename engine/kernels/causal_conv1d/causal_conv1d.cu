// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// A thread an output; neighbouring threads are neighbouring channels, so that reads join. The window of kernel - 1 earlier
// values comes from L1 and L2.

#include "engine/kernels/causal_conv1d/causal_conv1d.h"

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kThreads = 256;

/// Rows 0 .. tokens - 1 are outputs, the kernel - 1 rows after them the new window.
__global__ void __launch_bounds__(kThreads) conv_kernel(CausalConv1dArgs a) {
    const int64_t channel = int64_t(blockIdx.y) * kThreads + threadIdx.x, row = blockIdx.x, past = a.kernel - 1;
    if (channel >= a.channels) return;
    const auto raw = [&](int64_t t) {
        return t < 0 ? a.state_in[(t + past) * a.channels + channel] : a.x[t * a.x_stride + channel];
    };
    if (row >= a.tokens) {
        const int64_t j = row - a.tokens;
        a.state_out[j * a.channels + channel] = raw(a.tokens - past + j);
        return;
    }
    float sum = a.bias ? a.bias[channel] : 0.0f;
    for (int64_t j = 0; j < a.kernel; ++j) sum = fmaf(a.weight[channel * a.kernel + j], raw(row - past + j), sum);
    a.y[row * a.channels + channel] = a.silu ? silu(sum) : sum;
}

} // namespace

void causal_conv1d(const CausalConv1dArgs& a, Context& context) {
    const dim3 grid(unsigned(a.tokens + a.kernel - 1), unsigned(ceil_div(a.channels, kThreads)));
    if (grid.x == 0) return;
    conv_kernel<<<grid, kThreads, 0, context.stream()>>>(a);
    context.launched("causal_conv1d");
}

} // namespace lectern::cuda

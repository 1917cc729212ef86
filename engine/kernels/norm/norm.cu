// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// A block a row (or a group of it): one pass for the sum, one for the result. Rows are a few KB and come from L1 the
// second time.

#include "engine/kernels/norm/norm.h"

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

// By the width alone: a row's bits must not depend on how many rows there are.
constexpr int kFew = 256, kMany = 1024;
constexpr int64_t kWide = 2048;

template <int kThreads>
__global__ void __launch_bounds__(kThreads) rms_norm_kernel(RmsNormArgs a) {
    __shared__ float room[kThreads / kWarp];
    const float* x = a.x + int64_t(blockIdx.x) * a.width;
    float* y = a.y + int64_t(blockIdx.x) * a.width;
    float squares = 0;
    for (int64_t i = threadIdx.x; i < a.width; i += kThreads) squares = fmaf(x[i], x[i], squares);
    const float inverse = 1.0f / sqrtf(block_sum<kThreads>(squares, room) / float(a.width) + a.eps);
    for (int64_t i = threadIdx.x; i < a.width; i += kThreads) y[i] = x[i] * inverse * a.weight[i];
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) gated_rms_norm_kernel(GatedRmsNormArgs a) {
    __shared__ float room[kThreads / kWarp];
    const int64_t group_width = a.width / a.groups, start = int64_t(blockIdx.y) * group_width;
    const float* x = a.x + int64_t(blockIdx.x) * a.width + start;
    const float* z = a.z + int64_t(blockIdx.x) * a.z_stride + start;
    const float* weight = a.weight + start;
    float* y = a.y + int64_t(blockIdx.x) * a.width + start;
    float squares = 0;
    for (int64_t i = threadIdx.x; i < group_width; i += kThreads) {
        const float u = a.norm_before_gate ? x[i] : x[i] * silu(z[i]);
        squares = fmaf(u, u, squares);
    }
    const float inverse = 1.0f / sqrtf(block_sum<kThreads>(squares, room) / float(group_width) + a.eps);
    for (int64_t i = threadIdx.x; i < group_width; i += kThreads) y[i] = x[i] * silu(z[i]) * inverse * weight[i];
}

template <int kThreads>
__global__ void __launch_bounds__(kThreads) layer_norm_kernel(LayerNormArgs a) {
    __shared__ float room[kThreads / kWarp], more_room[kThreads / kWarp];
    const int64_t row = int64_t(blockIdx.x) * a.width;
    const auto value = [&](int64_t i) { return a.residual ? a.x[row + i] + a.residual[row + i] : a.x[row + i]; };
    float sum = 0;
    for (int64_t i = threadIdx.x; i < a.width; i += kThreads) sum += value(i);
    const float mean = block_sum<kThreads>(sum, room) / float(a.width);
    float squares = 0;
    for (int64_t i = threadIdx.x; i < a.width; i += kThreads) {
        const float away = value(i) - mean;
        squares = fmaf(away, away, squares);
    }
    const float inverse = 1.0f / sqrtf(block_sum<kThreads>(squares, more_room) / float(a.width) + a.eps);
    for (int64_t i = threadIdx.x; i < a.width; i += kThreads)
        a.y[row + i] = fmaf((value(i) - mean) * inverse, a.weight[i], a.bias[i]);
}

} // namespace

void rms_norm(const RmsNormArgs& a, Context& context) {
    if (a.tokens == 0) return;
    if (a.width < kWide) rms_norm_kernel<kFew><<<unsigned(a.tokens), kFew, 0, context.stream()>>>(a);
    else rms_norm_kernel<kMany><<<unsigned(a.tokens), kMany, 0, context.stream()>>>(a);
    context.launched("rms_norm");
}

void gated_rms_norm(const GatedRmsNormArgs& a, Context& context) {
    if (a.tokens == 0) return;
    const dim3 grid(unsigned(a.tokens), unsigned(a.groups));
    if (a.width / a.groups < kWide) gated_rms_norm_kernel<kFew><<<grid, kFew, 0, context.stream()>>>(a);
    else gated_rms_norm_kernel<kMany><<<grid, kMany, 0, context.stream()>>>(a);
    context.launched("gated_rms_norm");
}

void layer_norm(const LayerNormArgs& a, Context& context) {
    if (a.tokens == 0) return;
    if (a.width < kWide) layer_norm_kernel<kFew><<<unsigned(a.tokens), kFew, 0, context.stream()>>>(a);
    else layer_norm_kernel<kMany><<<unsigned(a.tokens), kMany, 0, context.stream()>>>(a);
    context.launched("layer_norm");
}

} // namespace lectern::cuda

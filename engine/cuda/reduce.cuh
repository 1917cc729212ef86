// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Sums over threads in a fixed order, and small mathematics that several kernels use.
#pragma once

#include <cstdint>

namespace lectern::cuda {

constexpr int kWarp = 32;
constexpr unsigned kAll = 0xffffffffu;

/// The sum over groups of `lanes` neighbouring lanes, in every lane.
template <int lanes = kWarp>
__device__ __forceinline__ float lane_sum(float value) {
    for (int distance = lanes / 2; distance > 0; distance /= 2) value += __shfl_xor_sync(kAll, value, distance);
    return value;
}
template <int lanes = kWarp>
__device__ __forceinline__ float lane_max(float value) {
    for (int distance = lanes / 2; distance > 0; distance /= 2)
        value = fmaxf(value, __shfl_xor_sync(kAll, value, distance));
    return value;
}

/// The sum over a block of kThreads, in every thread. `room` is shared and has a float a warp; it may be used again after
/// the next barrier.
template <int kThreads>
__device__ __forceinline__ float block_sum(float value, float* room) {
    value = lane_sum(value);
    if (threadIdx.x % kWarp == 0) room[threadIdx.x / kWarp] = value;
    __syncthreads();
    float sum = 0;
    for (int w = 0; w < kThreads / kWarp; ++w) sum += room[w];
    return sum;
}
template <int kThreads>
__device__ __forceinline__ float block_max(float value, float* room) {
    value = lane_max(value);
    if (threadIdx.x % kWarp == 0) room[threadIdx.x / kWarp] = value;
    __syncthreads();
    float largest = room[0];
    for (int w = 1; w < kThreads / kWarp; ++w) largest = fmaxf(largest, room[w]);
    return largest;
}

__device__ __forceinline__ float silu(float x) { return x / (1.0f + expf(-x)); }

/// bfloat16 bits, to the nearest, ties to even; NaN stays NaN.
__device__ __forceinline__ uint16_t to_bf16(float x) {
    const uint32_t bits = __float_as_uint(x);
    return (bits & 0x7FFFFFFF) > 0x7F800000 ? uint16_t((bits >> 16) | 0x40)
                                            : uint16_t((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

} // namespace lectern::cuda

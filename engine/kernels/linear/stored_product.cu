// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Decode's matrix-vector product: a warp owns kRows outputs, a lane every 32nd group of eight weights, read once in their
// stored type. The order of a sum depends on the width alone.

#include "engine/cuda/dequantize.cuh"
#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kRows = 2; // share the loads of x
constexpr int kWarps = 4;

template <bool kWhole>
__device__ __forceinline__ void load_eight(const float* x, int64_t k, int64_t cols, float* values) {
    const float* at = x + k;
    if constexpr (kWhole) {
        const float4 a = reinterpret_cast<const float4*>(at)[0], b = reinterpret_cast<const float4*>(at)[1];
        values[0] = a.x, values[1] = a.y, values[2] = a.z, values[3] = a.w;
        values[4] = b.x, values[5] = b.y, values[6] = b.z, values[7] = b.w;
    } else {
        for (int i = 0; i < kEight; ++i) values[i] = k + i < cols ? at[i] : 0.0f;
    }
}

/// kWhole: rows come in full groups of kRows, columns in full groups of eight, and x is aligned. It changes no bit.
template <TensorType type, bool kWhole>
__global__ void __launch_bounds__(kWarps * kWarp) stored_kernel(StoredProduct p) {
    const int64_t rows = p.weight.rows, cols = p.weight.cols, stride = stored_row_bytes<type>(cols);
    const int64_t slot = blockIdx.y;
    const int64_t first = (int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp) * kRows;
    const int lane = threadIdx.x % kWarp;
    if (first >= rows) return;
    const float* x = p.x + slot / p.slots_a_row * cols;
    const auto* w = static_cast<const uint8_t*>(p.weight.data) + ((p.ids ? int64_t(p.ids[slot]) * rows : 0) + first) * stride;
    float sums[kRows] = {};
#pragma unroll 4
    for (int64_t k = lane * kEight; k < cols; k += kWarp * kEight) {
        float xv[kEight];
        load_eight<kWhole>(x, k, cols, xv);
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
            if (!kWhole && first + r >= rows) continue;
            float wv[kEight];
            if constexpr (kWhole) Unpack<type>::eight(w + r * stride, k, wv);
            else unpack<type>(w + r * stride, k, cols, wv);
            for (int i = 0; i < kEight; ++i) sums[r] = fmaf(xv[i], wv[i], sums[r]);
        }
    }
    for (int r = 0; r < kRows; ++r) {
        const float sum = lane_sum(sums[r]);
        if (lane == 0 && first + r < rows)
            p.y[slot * p.y_stride + first + r] = p.bias ? sum + p.bias[first + r] : sum;
    }
}

} // namespace

void stored_product(const StoredProduct& p, Context& context) {
    constexpr int64_t kMostSlots = 65535; // a grid's second dimension
    if (p.slots > kMostSlots) return context.fail(LECTERN_UNSUPPORTED, "The GPU decodes at most 65535 rows at once.");
    const dim3 grid(unsigned(ceil_div(p.weight.rows, kWarps * kRows)), unsigned(p.slots));
    const bool whole = p.weight.rows % kRows == 0 && p.weight.cols % kEight == 0 && reinterpret_cast<uintptr_t>(p.x) % 16 == 0;
    const bool known = with_type(p.weight.type, [&]<TensorType type>() {
        if (whole) stored_kernel<type, true><<<grid, kWarps * kWarp, 0, context.stream()>>>(p);
        else stored_kernel<type, false><<<grid, kWarps * kWarp, 0, context.stream()>>>(p);
    });
    if (!known) return context.fail(LECTERN_UNSUPPORTED, "The GPU has no kernel for weights of type %u.",
                                    unsigned(p.weight.type));
    context.launched("a matrix-vector product");
}

} // namespace lectern::cuda

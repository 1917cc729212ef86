// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Products with stored weights and rows of embedding tables. Prefill unpacks weights to panels of f16 or float32, which
// adds one write and one read of a panel to a product of hundreds of rows; f16 weights are used where they lie. Decode reads weights as they are stored.

#include "engine/kernels/linear/linear.h"

#include <algorithm>

#include "engine/cuda/dequantize.cuh"
#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kPanelBytes = int64_t(128) << 20; // any published layer, or a share of its experts

/// f16 bits, to the nearest; what is too large becomes the largest, so that no product turns into infinity.
__device__ __forceinline__ uint32_t to_f16(float value) {
    constexpr float kLargest = 65504;
    return __half_as_ushort(__float2half_rn(fabsf(value) > kLargest ? copysignf(kLargest, value) : value)); // NaN stays
}
__device__ __forceinline__ uint32_t two_f16(float a, float b) { return to_f16(a) | to_f16(b) << 16; }

__device__ __forceinline__ void put_one(float* to, float value) { *to = value; }
__device__ __forceinline__ void put_one(uint16_t* to, float value) { *to = uint16_t(to_f16(value)); }
__device__ __forceinline__ void put_eight(float* to, const float* v) {
    reinterpret_cast<float4*>(to)[0] = make_float4(v[0], v[1], v[2], v[3]);
    reinterpret_cast<float4*>(to)[1] = make_float4(v[4], v[5], v[6], v[7]);
}
__device__ __forceinline__ void put_eight(uint16_t* to, const float* v) {
    *reinterpret_cast<uint4*>(to) = make_uint4(two_f16(v[0], v[1]), two_f16(v[2], v[3]), two_f16(v[4], v[5]), two_f16(v[6], v[7]));
}

/// values[i, cols] <- scale * row rows[i] (or first + i) of the matrix; a thread eight weights.
template <TensorType type, class Number>
__global__ void __launch_bounds__(kThreads)
    rows_kernel(const uint8_t* matrix, const int32_t* rows, int64_t first, int64_t count, int64_t cols, float scale,
                Number* values) {
    const int64_t groups = (cols + kEight - 1) / kEight;
    const int64_t at = int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (at >= count * groups) return;
    // A panel has fewer groups than 2^32, and 32-bit division is a fifth of the other.
    const bool small = count * groups <= UINT32_MAX;
    const int64_t i = small ? int64_t(uint32_t(at) / uint32_t(groups)) : at / groups, k = (at - i * groups) * kEight;
    const int64_t row = rows ? rows[i] : first + i;
    float v[kEight];
    unpack<type>(matrix + row * stored_row_bytes<type>(cols), k, cols, v);
    for (int j = 0; j < kEight; ++j) v[j] = __fmul_rn(v[j], scale);
    Number* to = values + i * cols + k;
    if (cols % kEight == 0 && reinterpret_cast<uintptr_t>(values) % 16 == 0) return put_eight(to, v);
    for (int j = 0; j < kEight; ++j)
        if (k + j < cols) put_one(to + j, v[j]);
}

template <class Number>
void unpack_rows(const Weight& w, const int32_t* rows, int64_t first, int64_t count, float scale, Number* values,
                 Context& context) {
    const int64_t blocks = ceil_div(count * ceil_div(w.cols, kEight), kThreads);
    if (blocks == 0) return;
    const bool known = with_type(w.type, [&]<TensorType type>() {
        rows_kernel<type><<<unsigned(blocks), kThreads, 0, context.stream()>>>(static_cast<const uint8_t*>(w.data), rows,
                                                                               first, count, w.cols, scale, values);
    });
    if (!known) return context.fail(LECTERN_UNSUPPORTED, "The GPU has no kernel for weights of type %u.", unsigned(w.type));
    context.launched("unpacking weights");
}

/// y[r] = x[r] / scales[r] as f16, a block a row: the power of two puts the row's largest number just below 2^14.
__global__ void __launch_bounds__(kThreads) round_kernel(const float* x, int64_t cols, uint16_t* y, float* scales) {
    __shared__ float room[kThreads / kWarp];
    constexpr int kTop = 14, kMostExponent = 126;
    x += int64_t(blockIdx.x) * cols;
    y += int64_t(blockIdx.x) * cols;
    float largest = 0;
    for (int64_t i = threadIdx.x; i < cols; i += kThreads) largest = fmaxf(largest, fabsf(x[i]));
    largest = block_max<kThreads>(largest, room);
    int exponent = kTop;
    if (largest > 0 && largest < INFINITY) frexpf(largest, &exponent);
    const int shift = min(kTop - exponent, kMostExponent);
    const float factor = ldexpf(1.0f, shift);
    for (int64_t i = threadIdx.x; i < cols; i += kThreads) y[i] = uint16_t(to_f16(x[i] * factor));
    if (threadIdx.x == 0) scales[blockIdx.x] = ldexpf(1.0f, -shift);
}

bool aligned(const void* data) { return reinterpret_cast<uintptr_t>(data) % 16 == 0; }

void product(const TileProduct<float>& p, Context& context) { tile_product(p, context); }
void product(const TileProduct<uint16_t>& p, Context& context) { tensor_product(p, context); }

/// p.x with what is stored in `weight`, unpacked as Number panel by panel.
template <class Number>
void unpacked_product(const Weight& weight, const TileProduct<Number>& p, Context& context) {
    // Whole experts a panel where there are experts, else as many rows as it holds.
    const int64_t unit = weight.experts > 1 ? weight.rows : std::min<int64_t>(weight.rows, 128);
    const int64_t total = weight.rows * weight.experts, row_bytes = weight.cols * int64_t(sizeof(Number));
    const int64_t rows_a_panel = std::max<int64_t>(1, kPanelBytes / (unit * row_bytes)) * unit;
    auto* panel = static_cast<Number*>(context.working(Slot::Panel, size_t(std::min(rows_a_panel, total) * row_bytes)));
    if (!panel) return;
    for (int64_t first = 0; first < total && !context.failed(); first += rows_a_panel) {
        const int64_t rows = std::min(rows_a_panel, total - first);
        unpack_rows(weight, nullptr, first, rows, 1.0f, panel, context);
        TileProduct<Number> part = p;
        part.w = panel;
        if (weight.experts > 1) {
            part.first_expert = first / weight.rows;
            part.experts = rows / weight.rows;
        } else {
            part.rows = rows;
            part.y = p.y + first;
            part.bias = p.bias ? p.bias + first : nullptr;
        }
        product(part, context);
    }
}

} // namespace

void panel_product(const Weight& weight, TileProduct<float> p, Context& context) {
    p.rows = weight.rows;
    p.cols = weight.cols;
    p.experts = weight.experts;
    if (weight.type == TensorType::F32) {
        p.w = static_cast<const float*>(weight.data);
        return tile_product(p, context);
    }
    // The choice depends on the weight alone, never on the rows of x.
    const bool rounds = weight.type == TensorType::F16 || weight.type == TensorType::BF16 || block_of(weight.type).elements > 1;
    if (!rounds || weight.cols % kEight != 0) return unpacked_product(weight, p, context);

    auto* x = static_cast<uint16_t*>(context.working(Slot::Inputs, sizeof(uint16_t) * size_t(p.x_rows * p.cols)));
    auto* scales = static_cast<float*>(context.working(Slot::Scales, sizeof(float) * size_t(p.x_rows)));
    if (!x || !scales) return;
    round_kernel<<<unsigned(p.x_rows), kThreads, 0, context.stream()>>>(p.x, p.cols, x, scales);
    if (!context.launched("rounding activations")) return;
    TileProduct<uint16_t> rounded{.x = x, .w = nullptr, .scales = scales, .bias = p.bias, .y = p.y, .tokens = p.tokens,
                                  .x_rows = p.x_rows, .rows = p.rows, .cols = p.cols, .y_stride = p.y_stride,
                                  .offsets = p.offsets, .gather = p.gather, .experts = p.experts};
    if (weight.type != TensorType::F16 || !aligned(weight.data)) return unpacked_product(weight, rounded, context);
    rounded.w = static_cast<const uint16_t*>(weight.data);
    tensor_product(rounded, context);
}

void linear(const LinearArgs& a, Context& context) {
    if (a.tokens == 0) return;
    if (a.phase == Phase::Decode)
        return stored_product({.x = a.x, .weight = a.weight, .bias = a.bias, .y = a.y, .slots = a.tokens, .y_stride = a.y_stride},
                              context);
    panel_product(a.weight, {.x = a.x, .w = nullptr, .bias = a.bias, .y = a.y, .tokens = a.tokens, .x_rows = a.tokens,
                             .y_stride = a.y_stride},
                  context);
}

void embed_rows(const EmbedRowsArgs& a, Context& context) {
    if (a.tokens == 0) return;
    const size_t bytes = sizeof(int32_t) * size_t(a.tokens);
    auto* ids = static_cast<int32_t*>(context.working(Slot::Ids, bytes));
    // From pageable memory the call returns when the ids have left the caller's array.
    if (!ids || !context.check(cudaMemcpyAsync(ids, a.ids, bytes, cudaMemcpyHostToDevice, context.stream()), "copying ids"))
        return;
    unpack_rows(a.weight, ids, 0, a.tokens, a.scale, a.y, context);
}

} // namespace lectern::cuda

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Products with stored weights and rows of embedding tables. Prefill unpacks weights to float32 panels, which adds one
// write and one read of a panel to a product of hundreds of rows; decode reads them as they are stored.

#include "engine/kernels/linear/linear.h"

#include <algorithm>

#include "engine/cuda/dequantize.cuh"
#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kPanelFloats = int64_t(32) << 20; // 128 MiB: a panel of any published layer, or a share of its experts

/// values[i, cols] <- scale * row rows[i] (or first + i) of the matrix; a thread eight weights.
template <TensorType type>
__global__ void __launch_bounds__(kThreads)
    rows_kernel(const uint8_t* matrix, const int32_t* rows, int64_t first, int64_t count, int64_t cols, float scale,
                float* values) {
    const int64_t groups = (cols + kEight - 1) / kEight;
    const int64_t at = int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (at >= count * groups) return;
    const int64_t i = at / groups, k = at % groups * kEight;
    const int64_t row = rows ? rows[i] : first + i;
    float v[kEight];
    unpack<type>(matrix + row * stored_row_bytes<type>(cols), k, cols, v);
    float* to = values + i * cols + k;
    for (int j = 0; j < kEight; ++j)
        if (k + j < cols) to[j] = __fmul_rn(v[j], scale);
}

void unpack_rows(const Weight& w, const int32_t* rows, int64_t first, int64_t count, float scale, float* values,
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

} // namespace

void dequantize_rows(const Weight& matrix, int64_t first, int64_t count, float* values, Context& context) {
    unpack_rows(matrix, nullptr, first, count, 1.0f, values, context);
}

void panel_product(const Weight& weight, TileProduct p, Context& context) {
    p.rows = weight.rows;
    p.cols = weight.cols;
    if (weight.type == TensorType::F32) {
        p.w = static_cast<const float*>(weight.data);
        p.experts = weight.experts;
        return tile_product(p, context);
    }
    // Whole experts a panel where there are experts, else as many rows as it holds.
    const int64_t unit = weight.experts > 1 ? weight.rows : std::min<int64_t>(weight.rows, 128);
    const int64_t total = weight.rows * weight.experts;
    const int64_t rows_a_panel = std::max<int64_t>(1, kPanelFloats / (unit * weight.cols)) * unit;
    auto* panel = static_cast<float*>(
        context.working(Slot::Panel, sizeof(float) * size_t(std::min(rows_a_panel, total) * weight.cols)));
    if (!panel) return;
    for (int64_t first = 0; first < total && !context.failed(); first += rows_a_panel) {
        const int64_t rows = std::min(rows_a_panel, total - first);
        dequantize_rows(weight, first, rows, panel, context);
        TileProduct part = p;
        part.w = panel;
        if (weight.experts > 1) {
            part.first_expert = first / weight.rows;
            part.experts = rows / weight.rows;
        } else {
            part.rows = rows;
            part.y = p.y + first;
            part.bias = p.bias ? p.bias + first : nullptr;
        }
        tile_product(part, context);
    }
}

void linear(const LinearArgs& a, Context& context) {
    if (a.tokens == 0) return;
    if (a.phase == Phase::Decode)
        return stored_product({.x = a.x, .weight = a.weight, .bias = a.bias, .y = a.y, .slots = a.tokens, .y_stride = a.y_stride},
                              context);
    panel_product(a.weight, {.x = a.x, .w = nullptr, .bias = a.bias, .y = a.y, .tokens = a.tokens, .y_stride = a.y_stride},
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

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/linear/linear.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/linear/linear_onednn.h"
#include "engine/kernels/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/linear/linear_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
constexpr size_t kLanes = hn::MaxLanes(Floats());
// A tile is kTileRows tokens times two vectors of outputs. Its accumulators, two weights and one activation have to
// stay in registers: 32 of them with AVX-512, 16 otherwise.
constexpr int kTileRows = HWY_TARGET == HWY_AVX3 ? 12 : 6;
constexpr int64_t kPanel = 2 * int64_t(kLanes);
// Inputs of a panel that are unpacked at a time: 256 x 32 floats are 32 KiB and stay in L1 beside a tile's tokens
// (512: 130 GFLOP/s a core, 128: 145, 256: 150, at 512 x 1024 x 512 in float32, AVX-512).
constexpr int64_t kDepth = 256;

/// values[n] <- n stored weights, n a multiple of the type's block.
HWY_ATTR static void unpack(TensorType type, const std::byte* source, float* values, size_t n) {
    const Floats d;
    if (type == TensorType::Q8_0) {
        const hn::Rebind<int8_t, Floats> d8;
        const hn::Rebind<int32_t, Floats> d32;
        for (size_t block = 0; block < n / 32; ++block) {
            uint16_t half;
            std::memcpy(&half, source + block * 34, 2);
            const auto* q = reinterpret_cast<const int8_t*>(source + block * 34 + 2);
            const auto scale = hn::Set(d, f16_to_f32(half));
            for (size_t i = 0; i < 32; i += kLanes)
                hn::StoreU(hn::Mul(scale, hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d8, q + i)))), d,
                           values + block * 32 + i);
        }
        return;
    }
    if (type == TensorType::F16) {
        const hn::Rebind<hwy::float16_t, Floats> d16;
        size_t i = 0;
        for (; i + kLanes <= n; i += kLanes) {
            hwy::float16_t halves[kLanes]; // stored weights may lie at any address
            std::memcpy(halves, source + 2 * i, sizeof halves);
            hn::StoreU(hn::PromoteTo(d, hn::LoadU(d16, halves)), d, values + i);
        }
        dequantize_row(type, source + 2 * i, values + i, n - i);
        return;
    }
    if (type == TensorType::BF16) {
        for (size_t i = 0; i < n; ++i) {
            uint16_t bits;
            std::memcpy(&bits, source + 2 * i, 2);
            values[i] = bf16_to_f32(bits);
        }
        return;
    }
    dequantize_row(type, source, values, n);
}

/// panel[k, r] <- W[first_row + r, first_col + k] for kPanel rows; rows past the end are zero.
HWY_ATTR static void pack_panel(const Weight& w, int64_t first_row, int64_t first_col, int64_t depth, float* panel,
                                float* row) {
    const TensorTypeInfo& block = info(w.type);
    for (int64_t r = 0; r < kPanel; ++r) {
        if (first_row + r < w.rows) {
            const auto* stored = static_cast<const std::byte*>(w.data) + size_t(first_row + r) * w.row_stride() +
                                 size_t(first_col) / block.block_elements * block.block_bytes;
            unpack(w.type, stored, row, size_t(depth));
        } else {
            std::fill_n(row, depth, 0.0f);
        }
        for (int64_t k = 0; k < depth; ++k) panel[k * kPanel + r] = row[k];
    }
}

/// out[rows, kPanel] += x[depth, kTileRows] transposed times panel[depth, kPanel], one addition after the other in k.
template <int kRows>
HWY_ATTR static void tile(const float* x, const float* panel, int64_t depth, float* out, int64_t out_stride) {
    const Floats d;
    hn::Vec<Floats> low[kRows], high[kRows];
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
        low[r] = hn::LoadU(d, out + r * out_stride);
        high[r] = hn::LoadU(d, out + r * out_stride + kLanes);
    }
    for (int64_t k = 0; k < depth; ++k) {
        const auto w0 = hn::LoadU(d, panel + k * kPanel);
        const auto w1 = hn::LoadU(d, panel + k * kPanel + int64_t(kLanes));
#pragma GCC unroll 12
        for (int r = 0; r < kRows; ++r) {
            const auto v = hn::Set(d, x[k * kTileRows + r]);
            low[r] = hn::MulAdd(v, w0, low[r]);
            high[r] = hn::MulAdd(v, w1, high[r]);
        }
    }
#pragma GCC unroll 12
    for (int r = 0; r < kRows; ++r) {
        hn::StoreU(low[r], d, out + r * out_stride);
        hn::StoreU(high[r], d, out + r * out_stride + kLanes);
    }
}

using TileFunction = void (*)(const float*, const float*, int64_t, float*, int64_t);

static TileFunction tile_for(int64_t rows) {
    static constexpr TileFunction kTiles[] = {nullptr, tile<1>, tile<2>, tile<3>, tile<4>, tile<5>, tile<6>,
                                              tile<7>, tile<8>, tile<9>, tile<10>, tile<11>, tile<12>};
    return kTiles[rows];
}

/// tiles[t / kTileRows, k, t % kTileRows] <- x[t, k] for the tiles of [begin, end): what a tile reads then lies in a row
/// (5 % faster than strided reads). Rows past the last token are not read.
static void pack_tokens(const LinearArgs& a, int64_t begin, int64_t end, float* tiles) {
    const int64_t cols = a.weight.cols;
    for (int64_t t = begin * kTileRows; t < std::min(a.tokens, end * kTileRows); ++t) {
        const float* x = a.x + t * cols;
        float* to = tiles + t / kTileRows * kTileRows * cols + t % kTileRows;
        for (int64_t k = 0; k < cols; ++k) to[k * kTileRows] = x[k];
    }
}

/// One panel of outputs for all tokens.
HWY_ATTR static void panel_product(const LinearArgs& a, const float* tiles, int64_t first_row, float* panel, float* row, float* edge) {
    const int64_t cols = a.weight.cols;
    const int64_t width = std::min(kPanel, a.weight.rows - first_row);
    for (int64_t k = 0; k < cols; k += kDepth) {
        const int64_t depth = std::min(kDepth, cols - k);
        pack_panel(a.weight, first_row, k, depth, panel, row);
        for (int64_t t = 0; t < a.tokens; t += kTileRows) {
            const int64_t rows = std::min<int64_t>(kTileRows, a.tokens - t);
            // A panel that is cut by the matrix's edge is computed beside it and copied.
            const bool whole = width == kPanel;
            float* out = whole ? a.y + t * a.y_stride + first_row : edge;
            const int64_t stride = whole ? a.y_stride : kPanel;
            for (int64_t r = 0; r < rows; ++r) {
                float* y = a.y + (t + r) * a.y_stride + first_row;
                if (k == 0) {
                    for (int64_t n = 0; n < width; ++n) y[n] = a.bias ? a.bias[first_row + n] : 0.0f;
                }
                if (!whole) std::copy_n(y, width, edge + r * kPanel);
            }
            tile_for(rows)(tiles + t * cols + k * kTileRows, panel, depth, out, stride);
            if (!whole)
                for (int64_t r = 0; r < rows; ++r)
                    std::copy_n(edge + r * kPanel, width, a.y + (t + r) * a.y_stride + first_row);
        }
    }
}

HWY_ATTR static void product(const LinearArgs& a, ThreadPool& pool) {
    const int64_t panels = (a.weight.rows + kPanel - 1) / kPanel;
    const int64_t token_tiles = (a.tokens + kTileRows - 1) / kTileRows;
    static thread_local std::vector<float> packed; // the caller's: one product at a time
    packed.resize(std::max(packed.size(), size_t(token_tiles * kTileRows * a.weight.cols)));
    float* tiles = packed.data();
    pool.parallel_for(token_tiles, 4, [&](int64_t begin, int64_t end) { pack_tokens(a, begin, end, tiles); });
    pool.parallel_for(panels, 1, [&](int64_t begin, int64_t end) HWY_ATTR {
        static thread_local std::vector<float> scratch;
        scratch.resize(size_t(kPanel * kDepth + kDepth + kTileRows * kPanel));
        float* panel = scratch.data();
        for (int64_t p = begin; p < end; ++p)
            panel_product(a, tiles, p * kPanel, panel, panel + kPanel * kDepth, panel + kPanel * kDepth + kDepth);
    });
}

/// sum_k w[k] x[k] for a row as it is stored.
HWY_ATTR static float stored_dot(TensorType type, const std::byte* w, const float* x, int64_t cols) {
    const Floats d;
    auto s0 = hn::Zero(d), s1 = hn::Zero(d);
    if (type == TensorType::Q8_0) {
        const hn::Rebind<int8_t, Floats> d8;
        const hn::Rebind<int32_t, Floats> d32;
        for (int64_t block = 0; block < cols / 32; ++block, w += 34, x += 32) {
            uint16_t half;
            std::memcpy(&half, w, 2);
            const auto* q = reinterpret_cast<const int8_t*>(w + 2);
            auto sum = hn::Zero(d);
            for (size_t i = 0; i < 32; i += kLanes)
                sum = hn::MulAdd(hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d8, q + i))), hn::LoadU(d, x + i), sum);
            s0 = hn::MulAdd(hn::Set(d, f16_to_f32(half)), sum, s0);
        }
        return hn::GetLane(hn::SumOfLanes(d, s0));
    }
    constexpr int64_t kPiece = 256; // the largest block
    float piece[kPiece];
    const TensorTypeInfo& block = info(type);
    const int64_t vectors = int64_t(kLanes);
    float tail = 0;
    for (int64_t k = 0; k < cols; k += kPiece) {
        const int64_t n = std::min(kPiece, cols - k);
        const float* values = piece;
        const std::byte* stored = w + size_t(k) / block.block_elements * block.block_bytes;
        if (type == TensorType::F32) values = reinterpret_cast<const float*>(stored);
        else unpack(type, stored, piece, size_t(n));
        int64_t i = 0;
        for (; i + 2 * vectors <= n; i += 2 * vectors) {
            s0 = hn::MulAdd(hn::LoadU(d, values + i), hn::LoadU(d, x + k + i), s0);
            s1 = hn::MulAdd(hn::LoadU(d, values + i + vectors), hn::LoadU(d, x + k + i + vectors), s1);
        }
        for (; i < n; ++i) tail += values[i] * x[k + i];
    }
    return hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s1))) + tail;
}

HWY_ATTR static void step(const LinearArgs& a, ThreadPool& pool) {
    pool.parallel_for(a.weight.rows, 16, [&](int64_t begin, int64_t end) HWY_ATTR {
        for (int64_t t = 0; t < a.tokens; ++t)
            for (int64_t n = begin; n < end; ++n) {
                const auto* row = static_cast<const std::byte*>(a.weight.data) + size_t(n) * a.weight.row_stride();
                a.y[t * a.y_stride + n] = stored_dot(a.weight.type, row, a.x + t * a.weight.cols, a.weight.cols) +
                                          (a.bias ? a.bias[n] : 0.0f);
            }
    });
}

void linear_body(const LinearArgs& args, ThreadPool& pool) {
    if (args.phase == Phase::Decode) step(args, pool);
    else product(args, pool);
}

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lectern {

void linear_cpu(const LinearArgs& args, ThreadPool& pool) {
    if (args.phase == Phase::Prefill && prefill_rounds_to_bf16(args.weight.type)) linear_onednn(args, pool);
    else LECTERN_SIMD(linear_body)(args, pool);
}

} // namespace lectern
#endif

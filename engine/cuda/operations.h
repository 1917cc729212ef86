// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The plug-in's operations: each checks its shape, enqueues on the context's stream and returns at once; a failure is
/// remembered by the context. What they compute stands in engine/kernels/*/*.h.
///
/// Numerics: fixed order of every sum, no atomics, no split chosen by the number of rows. Raise kKernelVersion with any
/// change of a result's bits.
#pragma once

#include "engine/cuda/context.h"

namespace lectern::cuda {

constexpr int kKernelVersion = 3;

#define LECTERN_DECLARE(name, Args) void name(const Args& args, Context& context);
LECTERN_OPERATIONS(LECTERN_DECLARE)
#undef LECTERN_DECLARE

/// False if this build has no code for device 0.
bool kernels_fit_device();

/// y[t, n] = bias[n] + sum over k = 0, 1, 2, ... of x[t, k] w[n, k], with x and w as float (a chain of fused multiply-adds an
/// output) or as f16 bits (a chain of tensor-core steps of 16, sums in float32). The tile is only a speed choice: a
/// row's bits depend on nothing but the row.
template <class Number>
struct TileProduct {
    const Number* x; ///< [x_rows, cols]
    const Number* w; ///< [experts, rows, cols]
    const float* scales = nullptr; ///< [x_rows] f16 only: row r of x is stored divided by scales[r], a power of two
    const float* bias = nullptr;
    float* y; ///< [tokens, rows], rows y_stride apart
    int64_t tokens = 0;
    int64_t x_rows = 0;
    int64_t rows = 0;
    int64_t cols = 0;
    int64_t y_stride = 0;
    /// Experts: rows offsets[e] .. offsets[e + 1] of y belong to expert e; row r of y is made from row gather[r] of x (or
    /// r, if null). `tokens` is then the most rows that one expert can have, and expert first_expert is w's first.
    const int32_t* offsets = nullptr;
    const int32_t* gather = nullptr;
    int64_t first_expert = 0;
    int64_t experts = 1;
};
void tile_product(const TileProduct<float>& product, Context& context);
/// cols is a multiple of 8, x and w are 16-byte aligned.
void tensor_product(const TileProduct<uint16_t>& product, Context& context);

/// Prefill's product with a weight in any stored type; the weight gives w, rows, cols and experts. Weights in two bytes
/// and in blocks go through tensor cores, with x and w rounded to f16, where the width is a multiple of 8; all others stay
/// float32.
void panel_product(const Weight& weight, TileProduct<float> product, Context& context);

/// Decode: y[s] = W[ids[s]] x[s / slots_a_row] + bias, a warp an output, weights read in their stored type.
struct StoredProduct {
    const float* x; ///< [slots / slots_a_row, cols]
    Weight weight;
    const float* bias = nullptr;
    const int32_t* ids = nullptr; ///< [slots] the expert of each; null: the only one
    float* y;                     ///< [slots, rows], rows y_stride apart
    int64_t slots = 1;
    int64_t slots_a_row = 1;
    int64_t y_stride = 0;
};
void stored_product(const StoredProduct& product, Context& context);

} // namespace lectern::cuda

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Matrix product with a stored weight, the bulk of every forward pass.
#pragma once

#include "engine/kernels/kernel_types.h"

namespace lectern {

class ThreadPool;

///     y[t, n] = sum_k x[t, k] W[n, k] + bias[n]
///
///   x     [tokens, W.cols]  f32
///   W     [W.rows, W.cols]  any stored type
///   bias  [W.rows]          f32, or null
///   y     [tokens, W.rows]  f32, rows y_stride apart (>= W.rows); does not alias x
///
/// A row's bits depend neither on `tokens` nor on the thread count. Plain twin: linear_ref.cpp.
struct LinearArgs {
    const float* x;
    Weight weight;
    const float* bias;
    float* y;
    int64_t tokens;
    int64_t y_stride;
    Phase phase;
};

void linear_ref(const LinearArgs& args);
/// Prefill with bf16 weights goes through oneDNN where the machine has AMX, with activations rounded to bf16.
void linear_cpu(const LinearArgs& args, ThreadPool& pool);
/// Whether linear_cpu rounds the activations of a prefill with such weights to bf16.
bool prefill_rounds_to_bf16(TensorType type);

/// The rows of an embedding table: y[t, :] = scale * W[ids[t], :].
///   ids  [tokens] i32, each in [0, W.rows)        y  [tokens, W.cols] f32
struct EmbedRowsArgs {
    const int32_t* ids; ///< in host memory on every backend
    Weight weight;
    float* y;
    int64_t tokens;
    float scale;
};

void embed_rows_ref(const EmbedRowsArgs& args);

} // namespace lectern

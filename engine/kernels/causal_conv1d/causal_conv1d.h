// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Depthwise causal convolution over time, carrying its window from call to call.
#pragma once

#include <cstdint>

namespace lectern {

class ThreadPool;

///     c[t, ch] = bias[ch] + sum_j weight[ch, j] r[t - kernel + 1 + j, ch],      y = silu(c)
///
///   x          [tokens, channels] f32, rows x_stride apart: the raw projection, before conv and activation
///   weight     [channels, kernel] f32; weight[:, kernel - 1] multiplies the current token
///   bias       [channels] f32, or null
///   state_in   [kernel - 1, channels] f32: the last raw vectors, oldest first; zeros at the start of a sequence
///   state_out  the same after these tokens; does not alias state_in
///   y          [tokens, channels] f32, does not alias x
///
/// r is state_in followed by x. Source: Gu & Dao 2023, arXiv:2312.00752.
struct CausalConv1dArgs {
    const float* x;
    const float* weight;
    const float* bias;
    const float* state_in;
    float* state_out;
    float* y;
    int64_t tokens;
    int64_t channels;
    int64_t kernel;
    int64_t x_stride;
    bool silu;
};

void causal_conv1d_ref(const CausalConv1dArgs& args);
void causal_conv1d_cpu(const CausalConv1dArgs& args, ThreadPool& pool);

} // namespace lectern

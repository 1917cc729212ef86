// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The state space recurrence of Mamba-2 over a run of tokens, carrying the state from call to call.
#pragma once

#include <cstdint>

namespace lectern {

class ThreadPool;

/// Per token and head:
///
///     dt = clamp(softplus(dt_raw + dt_bias), dt_min, dt_max)
///     S <- exp(dt A) S + (dt x) outer B                     y = S C + D x
///
///   x          [tokens, heads, head_dim]   f32, tokens xbc_stride apart
///   b, c       [tokens, groups, d_state]   f32, tokens xbc_stride apart; head h reads group h / (heads / groups)
///   dt_raw     [tokens, heads]             f32, tokens dt_stride apart
///   dt_bias, a, d   [heads]                f32; a < 0
///   state_in   [heads, head_dim, d_state]  f32; zeros at the start of a sequence
///   state_out  the same after these tokens; may alias state_in
///   y          [tokens, heads, head_dim]   f32
///
/// One token after the other in fixed order, so that the bits do not depend on where a prompt is cut; one token is the
/// decode step. Source: Dao & Gu 2024, arXiv:2405.21060, recurrent form. Plain twin: ssd_scan_ref.cpp.
struct SsdScanArgs {
    const float* x;
    const float* b;
    const float* c;
    const float* dt_raw;
    const float* dt_bias;
    const float* a;
    const float* d;
    const float* state_in;
    float* state_out;
    float* y;
    int64_t tokens;
    int64_t heads;
    int64_t head_dim;
    int64_t d_state;
    int64_t groups;
    int64_t xbc_stride;
    int64_t dt_stride;
    float dt_min;
    float dt_max;
};

void ssd_scan_ref(const SsdScanArgs& args);
void ssd_scan_cpu(const SsdScanArgs& args, ThreadPool& pool);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Normalisations over the last axis.
#pragma once

#include <cstdint>

namespace lectern {

class ThreadPool;

///     y = weight * x / sqrt(mean(x^2) + eps)
///
///   x, y  [tokens, width] f32, y may alias x       weight  [width] f32
/// Source: Zhang & Sennrich 2019, arXiv:1910.07467.
struct RmsNormArgs {
    const float* x;
    const float* weight;
    float* y;
    int64_t tokens;
    int64_t width;
    float eps;
};
void rms_norm_ref(const RmsNormArgs& args);
void rms_norm_cpu(const RmsNormArgs& args, ThreadPool& pool);

///     gate first:  u = x * silu(z),  y = weight * u / sqrt(mean over the group(u^2) + eps)
///     norm first:  y = weight * x / sqrt(mean over the group(x^2) + eps) * silu(z)
///
///   x, y    [tokens, width] f32, y may alias x
///   z       [tokens, width] f32, rows z_stride apart
///   weight  [width] f32;  groups divides width: each group of width / groups has its own mean
/// Source: Dao & Gu 2024, arXiv:2405.21060 (the gated norm of Mamba-2).
struct GatedRmsNormArgs {
    const float* x;
    const float* z;
    const float* weight;
    float* y;
    int64_t tokens;
    int64_t width;
    int64_t z_stride;
    int64_t groups;
    float eps;
    bool norm_before_gate;
};
void gated_rms_norm_ref(const GatedRmsNormArgs& args);
void gated_rms_norm_cpu(const GatedRmsNormArgs& args, ThreadPool& pool);

///     y = weight * (a - mean) / sqrt(var + eps) + bias,   a = x + residual
///
///   x, residual, y  [tokens, width] f32, residual may be null, y may alias either       weight, bias  [width] f32
/// Source: Ba et al. 2016, arXiv:1607.06450; population variance.
struct LayerNormArgs {
    const float* x;
    const float* residual;
    const float* weight;
    const float* bias;
    float* y;
    int64_t tokens;
    int64_t width;
    float eps;
};
void layer_norm_ref(const LayerNormArgs& args);
void layer_norm_cpu(const LayerNormArgs& args, ThreadPool& pool);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Attention over a cache of keys and values, and what belongs around it: storing them and rotating queries and keys.
#pragma once

#include "engine/kernels/kernel_types.h"

namespace lectern {

class ThreadPool;

/// For query row i at position p = first_position + i, head h reading KV head h / (heads / kv_heads):
///
///     w[j] = softmax over visible j of (scale q . k[j]),      y = sum_j w[j] v[j]
///
///   q     [tokens, heads, head_dim]       f32, rows q_stride apart
///   k, v  [positions, kv_heads, head_dim] kv_type; positions 0 .. first_position + tokens - 1 are there
///   y     [tokens, heads, head_dim]       f32, does not alias q
///
/// Visible: j <= p if causal, else all; and j > p - window if window > 0. Keys are visited in the order of their
/// position, so a row's bits do not depend on the other rows. Softmax statistics are f32.
struct AttentionArgs {
    const float* q;
    const void* k;
    const void* v;
    float* y;
    int64_t tokens;
    int64_t first_position;
    int64_t heads;
    int64_t kv_heads;
    int64_t head_dim;
    int64_t q_stride;
    int64_t window;
    float scale;
    KvType kv_type;
    bool causal;
    Phase phase = Phase::Prefill;
};
void attention_ref(const AttentionArgs& args);
void attention_cpu(const AttentionArgs& args, ThreadPool& pool);

/// cache[first_position + t, :] = x[t, :] in the cache's type.   x  [tokens, width] f32, rows x_stride apart
struct StoreKvArgs {
    const float* x;
    void* cache;
    int64_t tokens;
    int64_t first_position;
    int64_t width;
    int64_t x_stride;
    KvType kv_type;
};
void store_kv_ref(const StoreKvArgs& args);

/// Which two numbers of a head turn together: (i, i + rotary_dim / 2), or (2i, 2i + 1).
enum class RopePairs : uint8_t { Halves, Neighbours };

/// Rotates the first rotary_dim numbers of every head by position * inv_freq[i].
///   x  [tokens, heads, head_dim] f32 in place, rows x_stride apart      inv_freq  [rotary_dim / 2] f32
///   Cosine and sine are multiplied by `magnitude` (YaRN; else 1). Source: Su et al. 2021, arXiv:2104.09864.
struct RopeArgs {
    float* x;
    const float* inv_freq;
    int64_t tokens;
    int64_t first_position;
    int64_t heads;
    int64_t head_dim;
    int64_t rotary_dim;
    int64_t x_stride;
    float magnitude;
    RopePairs pairs;
};
void rope_ref(const RopeArgs& args);

} // namespace lectern

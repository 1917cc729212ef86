// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/attention/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace lectern {
namespace {

double cached(const void* cache, KvType type, int64_t at) {
    return type == KvType::F32 ? static_cast<const float*>(cache)[at]
                               : bf16_to_f32(static_cast<const uint16_t*>(cache)[at]);
}

} // namespace

void attention_ref(const AttentionArgs& a) {
    const int64_t heads_a_kv_head = a.heads / a.kv_heads;
    const int64_t kv_stride = a.kv_heads * a.head_dim;
    const int64_t positions = a.first_position + a.tokens;
    std::vector<double> weights(static_cast<size_t>(positions));
    for (int64_t t = 0; t < a.tokens; ++t) {
        const int64_t p = a.first_position + t;
        const int64_t end = a.causal ? p + 1 : positions;
        const int64_t begin = a.window > 0 ? std::max<int64_t>(0, p - a.window + 1) : 0;
        for (int64_t h = 0; h < a.heads; ++h) {
            const float* q = a.q + t * a.q_stride + h * a.head_dim;
            const int64_t kv_head = (h / heads_a_kv_head) * a.head_dim;
            double largest = -std::numeric_limits<double>::infinity();
            for (int64_t j = begin; j < end; ++j) {
                double dot = 0;
                for (int64_t i = 0; i < a.head_dim; ++i) dot += q[i] * cached(a.k, a.kv_type, j * kv_stride + kv_head + i);
                weights[size_t(j)] = dot * a.scale;
                largest = std::max(largest, weights[size_t(j)]);
            }
            double total = 0;
            for (int64_t j = begin; j < end; ++j) total += weights[size_t(j)] = std::exp(weights[size_t(j)] - largest);
            for (int64_t i = 0; i < a.head_dim; ++i) {
                double sum = 0;
                for (int64_t j = begin; j < end; ++j)
                    sum += weights[size_t(j)] * cached(a.v, a.kv_type, j * kv_stride + kv_head + i);
                a.y[(t * a.heads + h) * a.head_dim + i] = float(sum / total);
            }
        }
    }
}

void store_kv_ref(const StoreKvArgs& a) {
    for (int64_t t = 0; t < a.tokens; ++t) {
        const float* x = a.x + t * a.x_stride;
        const int64_t to = (a.first_position + t) * a.width;
        for (int64_t i = 0; i < a.width; ++i) {
            if (a.kv_type == KvType::F32) static_cast<float*>(a.cache)[to + i] = x[i];
            else static_cast<uint16_t*>(a.cache)[to + i] = f32_to_bf16(x[i]);
        }
    }
}

void rope_ref(const RopeArgs& a) {
    const int64_t pairs = a.rotary_dim / 2;
    const bool halves = a.pairs == RopePairs::Halves;
    for (int64_t t = 0; t < a.tokens; ++t) {
        for (int64_t i = 0; i < pairs; ++i) {
            // The angle is a float32 product, as in the published implementations.
            const float angle = float(a.first_position + t) * a.inv_freq[i];
            const double cosine = std::cos(double(angle)) * a.magnitude;
            const double sine = std::sin(double(angle)) * a.magnitude;
            for (int64_t h = 0; h < a.heads; ++h) {
                float* x = a.x + t * a.x_stride + h * a.head_dim;
                float& first = x[halves ? i : 2 * i];
                float& second = x[halves ? i + pairs : 2 * i + 1];
                const double u = first, v = second;
                first = float(u * cosine - v * sine);
                second = float(v * cosine + u * sine);
            }
        }
    }
}

} // namespace lectern

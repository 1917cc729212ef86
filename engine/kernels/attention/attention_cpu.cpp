// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/attention/attention.h"

#include <algorithm>
#include <vector>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/attention/attention_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/kernels/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using KvFloats = hn::ScalableTag<float>;
constexpr int64_t kKvLanes = int64_t(hn::MaxLanes(KvFloats()));

HWY_INLINE hn::Vec<KvFloats> load_kv(const float* from) { return hn::LoadU(KvFloats(), from); }
HWY_INLINE hn::Vec<KvFloats> load_kv(const uint16_t* from) {
    const hn::Rebind<uint16_t, KvFloats> half;
    const hn::Rebind<uint32_t, KvFloats> wide;
    return hn::BitCast(KvFloats(), hn::ShiftLeft<16>(hn::PromoteTo(wide, hn::LoadU(half, from))));
}
inline float one_kv(const float* from) { return *from; }
inline float one_kv(const uint16_t* from) { return bf16_to_f32(*from); }

/// Scores of one query against keys [begin, end): scores[j - begin].
template <class T>
HWY_ATTR static void score(const AttentionArgs& a, const float* q, const T* keys, int64_t begin, int64_t end,
                           float* scores) {
    const KvFloats d;
    const int64_t stride = a.kv_heads * a.head_dim;
    const int64_t whole = a.head_dim / kKvLanes * kKvLanes;
    for (int64_t j = begin; j < end; ++j) {
        const T* k = keys + j * stride;
        auto sum = hn::Zero(d);
        for (int64_t i = 0; i < whole; i += kKvLanes) sum = hn::MulAdd(hn::LoadU(d, q + i), load_kv(k + i), sum);
        float dot = hn::GetLane(hn::SumOfLanes(d, sum));
        for (int64_t i = whole; i < a.head_dim; ++i) dot += q[i] * one_kv(k + i);
        scores[j - begin] = dot * a.scale;
    }
}

/// Turns scores into weights that are not yet divided by their sum, which is returned.
HWY_ATTR static float exponentiate(float* scores, int64_t count) {
    const KvFloats d;
    const float largest = *std::max_element(scores, scores + count);
    auto total = hn::Zero(d);
    for_vectors(d, count, [&](int64_t i, int64_t n) HWY_ATTR {
        auto w = hn::Exp(d, hn::Sub(load_some(d, scores + i, n), hn::Set(d, largest)));
        w = hn::IfThenElseZero(hn::FirstN(d, size_t(n)), w);
        store_some(d, w, scores + i, n);
        total = hn::Add(total, w);
    });
    return hn::GetLane(hn::SumOfLanes(d, total));
}

/// y <- sum_j weights[j - begin] values[j] / total, a few vectors of the head at a time.
template <class T>
HWY_ATTR static void mix(const AttentionArgs& a, const float* weights, const T* values, int64_t begin, int64_t end,
                         float total, float* y) {
    const KvFloats d;
    const int64_t stride = a.kv_heads * a.head_dim;
    const auto inverse = hn::Set(d, 1.0f / total);
    int64_t i = 0;
    for (; i + 4 * kKvLanes <= a.head_dim; i += 4 * kKvLanes) {
        auto s0 = hn::Zero(d), s1 = hn::Zero(d), s2 = hn::Zero(d), s3 = hn::Zero(d);
        for (int64_t j = begin; j < end; ++j) {
            const auto w = hn::Set(d, weights[j - begin]);
            const T* v = values + j * stride + i;
            s0 = hn::MulAdd(w, load_kv(v), s0);
            s1 = hn::MulAdd(w, load_kv(v + kKvLanes), s1);
            s2 = hn::MulAdd(w, load_kv(v + 2 * kKvLanes), s2);
            s3 = hn::MulAdd(w, load_kv(v + 3 * kKvLanes), s3);
        }
        hn::StoreU(hn::Mul(s0, inverse), d, y + i);
        hn::StoreU(hn::Mul(s1, inverse), d, y + i + kKvLanes);
        hn::StoreU(hn::Mul(s2, inverse), d, y + i + 2 * kKvLanes);
        hn::StoreU(hn::Mul(s3, inverse), d, y + i + 3 * kKvLanes);
    }
    for (; i + kKvLanes <= a.head_dim; i += kKvLanes) {
        auto sum = hn::Zero(d);
        for (int64_t j = begin; j < end; ++j)
            sum = hn::MulAdd(hn::Set(d, weights[j - begin]), load_kv(values + j * stride + i), sum);
        hn::StoreU(hn::Mul(sum, inverse), d, y + i);
    }
    for (; i < a.head_dim; ++i) {
        float sum = 0;
        for (int64_t j = begin; j < end; ++j) sum += weights[j - begin] * one_kv(values + j * stride + i);
        y[i] = sum / total;
    }
}

template <class T>
HWY_ATTR static void attend(const AttentionArgs& a, int64_t first, int64_t last) {
    static thread_local std::vector<float> scores;
    const int64_t positions = a.first_position + a.tokens;
    scores.resize(size_t(positions));
    for (int64_t unit = first; unit < last; ++unit) {
        // Neighbouring units share a head, so that its keys stay in the cache.
        const int64_t h = unit / a.tokens, t = unit % a.tokens;
        const int64_t p = a.first_position + t;
        const int64_t end = a.causal ? p + 1 : positions;
        const int64_t begin = a.window > 0 ? std::max<int64_t>(0, p - a.window + 1) : 0;
        const int64_t kv_head = h / (a.heads / a.kv_heads) * a.head_dim;
        const float* q = a.q + t * a.q_stride + h * a.head_dim;
        score(a, q, static_cast<const T*>(a.k) + kv_head, begin, end, scores.data());
        const float total = exponentiate(scores.data(), end - begin);
        mix(a, scores.data(), static_cast<const T*>(a.v) + kv_head, begin, end, total,
            a.y + (t * a.heads + h) * a.head_dim);
    }
}

void attend_f32(const AttentionArgs& args, int64_t first, int64_t last) { attend<float>(args, first, last); }
void attend_bf16(const AttentionArgs& args, int64_t first, int64_t last) { attend<uint16_t>(args, first, last); }

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lectern {

void attention_cpu(const AttentionArgs& args, ThreadPool& pool) {
    const auto body = args.kv_type == KvType::F32 ? LECTERN_SIMD(attend_f32) : LECTERN_SIMD(attend_bf16);
    pool.parallel_for(args.heads * args.tokens, 1, [&](int64_t begin, int64_t end) { body(args, begin, end); });
}

} // namespace lectern
#endif

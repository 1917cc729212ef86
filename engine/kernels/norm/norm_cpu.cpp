// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/norm/norm.h"

#include <cmath>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/norm/norm_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/kernels/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_ATTR void rms_norm_rows(const RmsNormArgs& a, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    for (int64_t t = begin; t < end; ++t) {
        const float* x = a.x + t * a.width;
        float* y = a.y + t * a.width;
        auto squares = hn::Zero(d);
        for_vectors(d, a.width, [&](int64_t i, int64_t n) HWY_ATTR {
            const auto v = load_some(d, x + i, n);
            squares = hn::MulAdd(v, v, squares);
        });
        const float mean = hn::GetLane(hn::SumOfLanes(d, squares)) / float(a.width);
        const auto inverse = hn::Set(d, 1.0f / std::sqrt(mean + a.eps));
        for_vectors(d, a.width, [&](int64_t i, int64_t n) HWY_ATTR {
            store_some(d, hn::Mul(hn::Mul(load_some(d, x + i, n), inverse), load_some(d, a.weight + i, n)), y + i, n);
        });
    }
}

HWY_ATTR void gated_rms_norm_rows(const GatedRmsNormArgs& a, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    const int64_t group = a.width / a.groups;
    for (int64_t t = begin; t < end; ++t) {
        for (int64_t start = 0; start < a.width; start += group) {
            const float* x = a.x + t * a.width + start;
            const float* z = a.z + t * a.z_stride + start;
            float* y = a.y + t * a.width + start;
            auto squares = hn::Zero(d);
            // The gated value is kept in y on the way, so that silu is computed once.
            for_vectors(d, group, [&](int64_t i, int64_t n) HWY_ATTR {
                const auto v = load_some(d, x + i, n);
                const auto u = hn::Mul(v, silu(d, load_some(d, z + i, n)));
                const auto normed = a.norm_before_gate ? v : u;
                squares = hn::MulAdd(normed, normed, squares);
                store_some(d, u, y + i, n);
            });
            const float mean = hn::GetLane(hn::SumOfLanes(d, squares)) / float(group);
            const auto inverse = hn::Set(d, 1.0f / std::sqrt(mean + a.eps));
            for_vectors(d, group, [&](int64_t i, int64_t n) HWY_ATTR {
                const auto weight = load_some(d, a.weight + start + i, n);
                store_some(d, hn::Mul(hn::Mul(load_some(d, y + i, n), inverse), weight), y + i, n);
            });
        }
    }
}

HWY_ATTR void layer_norm_rows(const LayerNormArgs& a, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    for (int64_t t = begin; t < end; ++t) {
        const float* x = a.x + t * a.width;
        float* y = a.y + t * a.width;
        auto total = hn::Zero(d);
        for_vectors(d, a.width, [&](int64_t i, int64_t n) HWY_ATTR {
            auto v = load_some(d, x + i, n);
            if (a.residual) v = hn::Add(v, load_some(d, a.residual + t * a.width + i, n));
            store_some(d, v, y + i, n);
            total = hn::Add(total, v);
        });
        const auto mean = hn::Set(d, hn::GetLane(hn::SumOfLanes(d, total)) / float(a.width));
        auto squares = hn::Zero(d);
        for_vectors(d, a.width, [&](int64_t i, int64_t n) HWY_ATTR {
            const auto v = hn::Sub(load_some(d, y + i, n), mean);
            const auto counted = hn::IfThenElseZero(hn::FirstN(d, size_t(n)), v);
            squares = hn::MulAdd(counted, counted, squares);
        });
        const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) / float(a.width);
        const auto inverse = hn::Set(d, 1.0f / std::sqrt(variance + a.eps));
        for_vectors(d, a.width, [&](int64_t i, int64_t n) HWY_ATTR {
            const auto v = hn::Mul(hn::Sub(load_some(d, y + i, n), mean), inverse);
            store_some(d, hn::MulAdd(v, load_some(d, a.weight + i, n), load_some(d, a.bias + i, n)), y + i, n);
        });
    }
}

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lectern {

// Rows that one thread takes at least: below, waking another thread costs more than it saves.
constexpr int64_t kRowGrain = 8;

void rms_norm_cpu(const RmsNormArgs& args, ThreadPool& pool) {
    pool.parallel_for(args.tokens, kRowGrain,
                      [&](int64_t begin, int64_t end) { LECTERN_SIMD(rms_norm_rows)(args, begin, end); });
}

void gated_rms_norm_cpu(const GatedRmsNormArgs& args, ThreadPool& pool) {
    pool.parallel_for(args.tokens, kRowGrain,
                      [&](int64_t begin, int64_t end) { LECTERN_SIMD(gated_rms_norm_rows)(args, begin, end); });
}

void layer_norm_cpu(const LayerNormArgs& args, ThreadPool& pool) {
    pool.parallel_for(args.tokens, kRowGrain,
                      [&](int64_t begin, int64_t end) { LECTERN_SIMD(layer_norm_rows)(args, begin, end); });
}

} // namespace lectern
#endif

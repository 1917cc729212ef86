// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/elementwise/elementwise.h"

#include <cmath>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/elementwise/elementwise_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/kernels/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_ATTR void swiglu_range(const SwiGluArgs& a, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    for_vectors(d, end - begin, [&](int64_t i, int64_t n) HWY_ATTR {
        const auto gate = load_some(d, a.gate + begin + i, n);
        store_some(d, hn::Mul(silu(d, gate), load_some(d, a.up + begin + i, n)), a.y + begin + i, n);
    });
}

HWY_ATTR void add_scaled_range(const AddScaledArgs& a, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    const auto scale = hn::Set(d, a.scale);
    for_vectors(d, end - begin, [&](int64_t i, int64_t n) HWY_ATTR {
        store_some(d, hn::MulAdd(scale, load_some(d, a.y + begin + i, n), load_some(d, a.x + begin + i, n)),
                   a.x + begin + i, n);
    });
}

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lectern {

constexpr int64_t kElementGrain = 8192; // 32 KiB; a multiple of every vector

void swiglu_cpu(const SwiGluArgs& args, ThreadPool& pool) {
    pool.parallel_for(args.tokens * args.width, kElementGrain,
                      [&](int64_t begin, int64_t end) { LECTERN_SIMD(swiglu_range)(args, begin, end); });
}

void add_scaled_cpu(const AddScaledArgs& args, ThreadPool& pool) {
    pool.parallel_for(args.count, kElementGrain,
                      [&](int64_t begin, int64_t end) { LECTERN_SIMD(add_scaled_range)(args, begin, end); });
}

void gelu_cpu(const GeluArgs& args, ThreadPool& pool) {
    pool.parallel_for(args.count, kElementGrain, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
            args.x[i] = 0.5f * args.x[i] * (1.0f + std::erf(args.x[i] * 0.70710678f));
    });
}

} // namespace lectern
#endif

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/causal_conv1d/causal_conv1d.h"

#include <algorithm>
#include <vector>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/causal_conv1d/causal_conv1d_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/kernels/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int64_t kConvLanes = int64_t(hn::MaxLanes(hn::ScalableTag<float>()));

/// Channels [begin, end) for all tokens; begin is a multiple of the vector.
HWY_ATTR void conv_channels(const CausalConv1dArgs& a, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    const int64_t past = a.kernel - 1;
    std::vector<float> taps(size_t(a.kernel * kConvLanes)); // [kernel, lanes]: the weights of these channels
    for (int64_t ch = begin; ch < end; ch += kConvLanes) {
        const int64_t n = std::min(kConvLanes, end - ch);
        for (int64_t j = 0; j < a.kernel; ++j)
            for (int64_t i = 0; i < n; ++i) taps[size_t(j * kConvLanes + i)] = a.weight[(ch + i) * a.kernel + j];
        const auto bias = a.bias ? load_some(d, a.bias + ch, n) : hn::Zero(d);
        for (int64_t t = 0; t < a.tokens; ++t) {
            auto sum = bias;
            for (int64_t j = 0; j < a.kernel; ++j) {
                const int64_t at = t - past + j;
                const float* raw = at < 0 ? a.state_in + (at + past) * a.channels : a.x + at * a.x_stride;
                sum = hn::MulAdd(load_some(d, raw + ch, n), hn::LoadU(d, taps.data() + j * kConvLanes), sum);
            }
            store_some(d, a.silu ? silu(d, sum) : sum, a.y + t * a.channels + ch, n);
        }
        for (int64_t j = 0; j < past; ++j) {
            const int64_t at = a.tokens - past + j;
            const float* raw = at < 0 ? a.state_in + (at + past) * a.channels : a.x + at * a.x_stride;
            std::copy_n(raw + ch, n, a.state_out + j * a.channels + ch);
        }
    }
}

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lectern {

void causal_conv1d_cpu(const CausalConv1dArgs& args, ThreadPool& pool) {
    constexpr int64_t kChannelGrain = 64; // a multiple of every vector; 256 bytes of each token
    pool.parallel_for(args.channels, kChannelGrain,
                      [&](int64_t begin, int64_t end) { LECTERN_SIMD(conv_channels)(args, begin, end); });
}

} // namespace lectern
#endif

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/ssd_scan/ssd_scan.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/ssd_scan/ssd_scan_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/kernels/simd_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lectern {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Rows [begin, end) of all heads' states taken as one list of heads * head_dim rows; dt and decay are [tokens, heads].
HWY_ATTR void ssd_rows(const SsdScanArgs& a, const float* dt, const float* decay, int64_t begin, int64_t end) {
    const hn::ScalableTag<float> d;
    const int64_t heads_a_group = a.heads / a.groups;
    std::copy_n(a.state_in + begin * a.d_state, a.state_in == a.state_out ? 0 : (end - begin) * a.d_state,
                a.state_out + begin * a.d_state);
    for (int64_t first = begin; first < end;) {
        const int64_t h = first / a.head_dim;
        const int64_t last = std::min(end, (h + 1) * a.head_dim); // rows of one head, over all tokens
        const int64_t group = (h / heads_a_group) * a.d_state;
        for (int64_t t = 0; t < a.tokens; ++t) {
            const float* b = a.b + t * a.xbc_stride + group;
            const float* c = a.c + t * a.xbc_stride + group;
            const float* x = a.x + t * a.xbc_stride;
            const float step = dt[t * a.heads + h];
            const auto keep = hn::Set(d, decay[t * a.heads + h]);
            for (int64_t row = first; row < last; ++row) {
                float* s = a.state_out + row * a.d_state;
                const auto input = hn::Set(d, step * x[row]);
                auto sum = hn::Zero(d);
                for_vectors(d, a.d_state, [&](int64_t i, int64_t n) HWY_ATTR {
                    const auto state = hn::MulAdd(input, load_some(d, b + i, n), hn::Mul(keep, load_some(d, s + i, n)));
                    store_some(d, state, s + i, n);
                    sum = hn::MulAdd(state, load_some(d, c + i, n), sum);
                });
                a.y[t * a.heads * a.head_dim + row] = hn::GetLane(hn::SumOfLanes(d, sum)) + a.d[h] * x[row];
            }
        }
        first = last;
    }
}

} // namespace HWY_NAMESPACE
} // namespace lectern
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lectern {

void ssd_scan_cpu(const SsdScanArgs& args, ThreadPool& pool) {
    static thread_local std::vector<float> steps;
    const int64_t count = args.tokens * args.heads;
    steps.resize(size_t(2 * count));
    float* dt = steps.data();
    float* decay = dt + count;
    pool.parallel_for(args.tokens, 16, [&](int64_t begin, int64_t end) {
        for (int64_t t = begin; t < end; ++t)
            for (int64_t h = 0; h < args.heads; ++h) {
                const float raw = args.dt_raw[t * args.dt_stride + h] + args.dt_bias[h];
                const float softplus = raw > 20.0f ? raw : std::log1p(std::exp(raw));
                dt[t * args.heads + h] = std::clamp(softplus, args.dt_min, args.dt_max);
                decay[t * args.heads + h] = std::exp(dt[t * args.heads + h] * args.a[h]);
            }
    });
    constexpr int64_t kStateRows = 16; // x 128 states x 4 bytes: a quarter of L1 stays in it over all tokens
    pool.parallel_for(args.heads * args.head_dim, kStateRows, [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; row += kStateRows)
            LECTERN_SIMD(ssd_rows)(args, dt, decay, row, std::min(end, row + kStateRows));
    });
}

} // namespace lectern
#endif

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <limits>
#include <tuple>

#include "engine/kernels/causal_conv1d/causal_conv1d.h"
#include "engine/kernels/ssd_scan/ssd_scan.h"
#include "tests/engine/cuda/gpu.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Scan {
    int64_t tokens, heads, head_dim, d_state, groups;
    std::vector<float> xbc, dt, dt_bias, a, d, state;

    Scan(int64_t tokens, int64_t heads, int64_t head_dim, int64_t d_state, int64_t groups)
        : tokens(tokens), heads(heads), head_dim(head_dim), d_state(d_state), groups(groups) {
        xbc = random_floats(size_t(tokens * width()), 1);
        dt = random_floats(size_t(tokens * heads), 2, -3, 3);
        dt_bias = random_floats(size_t(heads), 3);
        a = random_floats(size_t(heads), 4, -4, -0.01f);
        d = random_floats(size_t(heads), 5);
        state = random_floats(size_t(heads * head_dim * d_state), 6);
    }
    int64_t width() const { return heads * head_dim + 2 * groups * d_state; }
    size_t outputs(int64_t count) const { return size_t(count * heads * head_dim); }
    SsdScanArgs args(const float* x, const float* dt_raw, const float* bias, const float* decay, const float* skip,
                     int64_t first, int64_t count, const float* in, float* out, float* y) const {
        x += first * width();
        return {x, x + heads * head_dim, x + heads * head_dim + groups * d_state, dt_raw + first * heads, bias, decay, skip,
                in, out, y, count, heads, head_dim, d_state, groups, width(), heads, 0, std::numeric_limits<float>::infinity()};
    }
};

} // namespace

TEST_CASE("cuda ssd_scan: agrees with the reference in every shape, and a cut anywhere leaves the same bits") {
    Gpu gpu;
    if (!gpu) return;
    for (const auto& [heads, head_dim, d_state, groups] :
         {std::tuple(4, 20, 24, 2), std::tuple(3, 64, 128, 1), std::tuple(4, 16, 16, 4), std::tuple(2, 80, 64, 1),
          std::tuple(2, 24, 96, 2), std::tuple(2, 40, 256, 1), std::tuple(1, 5, 7, 1), std::tuple(2, 3, 320, 1)}) {
        constexpr int64_t kTokens = 53;
        CAPTURE(head_dim);
        CAPTURE(d_state);
        const Scan s(kTokens, heads, head_dim, d_state, groups);
        std::vector<float> reference(s.outputs(kTokens)), reference_state(s.state.size());
        ssd_scan_ref(s.args(s.xbc.data(), s.dt.data(), s.dt_bias.data(), s.a.data(), s.d.data(), 0, kTokens, s.state.data(),
                            reference_state.data(), reference.data()));
        const float *x = gpu.put(s.xbc), *dt = gpu.put(s.dt), *bias = gpu.put(s.dt_bias), *a = gpu.put(s.a),
                    *d = gpu.put(s.d), *in = gpu.put(s.state);
        float *y = gpu.room(reference.size()), *out = gpu.room(s.state.size());
        gpu->ssd_scan(s.args(x, dt, bias, a, d, 0, kTokens, in, out, y));
        const auto whole = gpu.take(y, reference.size()), state = gpu.take(out, s.state.size());
        CHECK(distance(whole, reference) <= 4e-5);
        CHECK(distance(state, reference_state) <= 1e-5);
        for (const int64_t cut : {1, 16, 17, 52}) {
            float* middle = gpu.room(s.state.size());
            gpu->ssd_scan(s.args(x, dt, bias, a, d, 0, cut, in, middle, y));
            const auto first = gpu.take(y, s.outputs(cut));
            gpu->ssd_scan(s.args(x, dt, bias, a, d, cut, kTokens - cut, middle, middle, y)); // in place
            const auto second = gpu.take(y, s.outputs(kTokens - cut));
            CHECK(std::equal(first.begin(), first.end(), whole.begin()));
            CHECK(std::equal(second.begin(), second.end(), whole.begin() + int64_t(first.size())));
            CHECK(gpu.take(middle, s.state.size()) == state);
        }
    }
}

TEST_CASE("cuda causal_conv1d: agrees with the reference, and a cut anywhere leaves the same bits") {
    Gpu gpu;
    if (!gpu) return;
    for (const int64_t kernel : {2, 4})
        for (const int64_t channels : {70, 600}) {
            constexpr int64_t kTokens = 21;
            const int64_t stride = channels + 9;
            const auto x = random_floats(size_t(kTokens * stride), 1), weight = random_floats(size_t(channels * kernel), 2),
                       bias = random_floats(size_t(channels), 3), state = random_floats(size_t((kernel - 1) * channels), 4);
            std::vector<float> reference(size_t(kTokens * channels)), reference_state(state.size());
            causal_conv1d_ref({x.data(), weight.data(), bias.data(), state.data(), reference_state.data(), reference.data(),
                               kTokens, channels, kernel, stride, true});
            const float *xs = gpu.put(x), *w = gpu.put(weight), *b = gpu.put(bias), *in = gpu.put(state);
            float *y = gpu.room(reference.size()), *middle = gpu.room(state.size()), *out = gpu.room(state.size());
            gpu->causal_conv1d({xs, w, b, in, out, y, kTokens, channels, kernel, stride, true});
            const auto whole = gpu.take(y, reference.size());
            CHECK(distance(whole, reference) <= 1e-6);
            CHECK(gpu.take(out, state.size()) == reference_state);
            for (const int64_t cut : {1, 2, 5, 20}) {
                gpu->causal_conv1d({xs, w, b, in, middle, y, cut, channels, kernel, stride, true});
                gpu->causal_conv1d({xs + cut * stride, w, b, middle, out, y + cut * channels, kTokens - cut, channels, kernel,
                                    stride, true});
                CHECK(gpu.take(y, reference.size()) == whole);
                CHECK(gpu.take(out, state.size()) == reference_state);
            }
        }
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <limits>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/attention/attention.h"
#include "engine/kernels/causal_conv1d/causal_conv1d.h"
#include "engine/kernels/ssd_scan/ssd_scan.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Scan {
    int64_t tokens, heads = 4, head_dim = 20, d_state = 24, groups = 2;
    std::vector<float> xbc, dt, dt_bias, a, d, state;

    explicit Scan(int64_t tokens) : tokens(tokens) {
        xbc = random_floats(size_t(tokens * width()), 1);
        dt = random_floats(size_t(tokens * heads), 2, -3, 3);
        dt_bias = random_floats(size_t(heads), 3);
        a = random_floats(size_t(heads), 4, -4, -0.01f);
        d = random_floats(size_t(heads), 5);
        state = random_floats(size_t(heads * head_dim * d_state), 6);
    }
    int64_t width() const { return heads * head_dim + 2 * groups * d_state; }
    SsdScanArgs args(int64_t first, int64_t count, const float* in, float* out, float* y) const {
        const float* x = xbc.data() + first * width();
        return {x, x + heads * head_dim, x + heads * head_dim + groups * d_state, dt.data() + first * heads,
                dt_bias.data(), a.data(), d.data(), in, out, y, count, heads, head_dim, d_state, groups, width(), heads,
                0, std::numeric_limits<float>::infinity()};
    }
};

struct Conv {
    int64_t tokens, channels = 70, kernel = 4;
    std::vector<float> x, weight, bias, state;
    explicit Conv(int64_t tokens) : tokens(tokens) {
        x = random_floats(size_t(tokens * channels), 1);
        weight = random_floats(size_t(channels * kernel), 2);
        bias = random_floats(size_t(channels), 3);
        state = random_floats(size_t((kernel - 1) * channels), 4);
    }
    CausalConv1dArgs args(int64_t first, int64_t count, const float* in, float* out, float* y) const {
        return {x.data() + first * channels, weight.data(), bias.data(), in, out, y, count, channels, kernel, channels, true};
    }
};

struct Attend {
    int64_t tokens, first, heads = 6, kv_heads = 2, head_dim = 40, window = 0;
    bool causal = true;
    KvType type = KvType::F32;
    std::vector<float> q, kv;
    std::vector<float> k32, v32;
    std::vector<uint16_t> k16, v16;

    Attend(int64_t tokens, int64_t first, KvType type) : tokens(tokens), first(first), type(type) {
        q = random_floats(size_t(tokens * heads * head_dim), 1, -2, 2);
        const int64_t positions = first + tokens, width = kv_heads * head_dim;
        k32.resize(size_t(positions * width)), v32.resize(k32.size()), k16.resize(k32.size()), v16.resize(k32.size());
        for (const auto& [seed, f32, f16] : {std::tuple(2, &k32, &k16), std::tuple(3, &v32, &v16)}) {
            const auto values = random_floats(size_t(positions * width), uint64_t(seed));
            void* cache = type == KvType::F32 ? static_cast<void*>(f32->data()) : f16->data();
            store_kv_ref({values.data(), cache, positions, 0, width, width, type});
        }
    }
    AttentionArgs args(std::vector<float>& y) const {
        y.resize(q.size());
        const bool f32 = type == KvType::F32;
        return {q.data(), f32 ? static_cast<const void*>(k32.data()) : k16.data(),
                f32 ? static_cast<const void*>(v32.data()) : v16.data(), y.data(), tokens, first, heads, kv_heads,
                head_dim, heads * head_dim, window, 0.2f, type, causal};
    }
};

} // namespace

TEST_CASE("ssd_scan: matches the recurrence worked out by hand in double precision") {
    // H=2, P=2, N=2, G=1, T=3; x[t,h,p]=0.5cos(1+t+2h+3p), B=sin(1+2t+n), C=cos(0.5+t-n), dt=-1+0.7t-0.3h.
    std::vector<float> xbc, dt;
    for (int t = 0; t < 3; ++t) {
        for (int h = 0; h < 2; ++h)
            for (int p = 0; p < 2; ++p) xbc.push_back(float(0.5 * std::cos(1 + t + 2 * h + 3 * p)));
        for (int n = 0; n < 2; ++n) xbc.push_back(float(std::sin(1 + 2 * t + n)));
        for (int n = 0; n < 2; ++n) xbc.push_back(float(std::cos(0.5 + t - n)));
        for (int h = 0; h < 2; ++h) dt.push_back(float(-1 + 0.7 * t - 0.3 * h));
    }
    const float dt_bias[] = {0.1f, -0.2f}, a[] = {-1.0f, -std::exp(1.0f)}, d[] = {1.0f, 0.5f};
    const std::vector<float> zero(8, 0.0f);
    const std::vector<float> expected_y = {0.4117546f,  -0.4981300f, -0.4006798f, 0.3886098f, -0.0832033f, 0.0337653f,
                                           -0.1152469f, 0.1272028f,  -0.8597215f, 0.8388786f, 0.1466741f,  -0.0792367f};
    const std::vector<float> expected_state = {0.4718271f,  0.1876808f,  -0.4633872f, -0.1759508f,
                                               -0.0959183f, -0.0153487f, 0.0535268f,  0.0002951f};
    std::vector<float> state(8), y(12);
    ThreadPool pool(2);
    SsdScanArgs args{xbc.data(), xbc.data() + 4, xbc.data() + 6, dt.data(), dt_bias, a, d, zero.data(), state.data(),
                     y.data(), 3, 2, 2, 2, 1, 8, 2, 0, std::numeric_limits<float>::infinity()};
    ssd_scan_ref(args);
    CHECK(distance(y, expected_y) < 2e-7);
    CHECK(distance(state, expected_state) < 2e-7);
    ssd_scan_cpu(args, pool);
    CHECK(distance(y, expected_y) < 4e-7);
    CHECK(distance(state, expected_state) < 4e-7);
}

TEST_CASE("ssd_scan: cutting a prompt anywhere, on any number of threads, leaves the same bits") {
    constexpr int64_t kTokens = 37;
    const Scan scan(kTokens);
    ThreadPool one(1), three(3);
    const size_t outputs = size_t(kTokens * scan.heads * scan.head_dim);
    std::vector<float> state(scan.state.size()), y(outputs), reference_state(state.size()), reference(outputs);
    ssd_scan_ref(scan.args(0, kTokens, scan.state.data(), reference_state.data(), reference.data()));
    ssd_scan_cpu(scan.args(0, kTokens, scan.state.data(), state.data(), y.data()), one);
    CHECK(distance(y, reference) <= 2e-5);
    CHECK(distance(state, reference_state) <= 5e-6);
    for (const int64_t cut : {1, 16, 36}) {
        std::vector<float> middle(state.size()), end(state.size()), parts(outputs);
        ssd_scan_cpu(scan.args(0, cut, scan.state.data(), middle.data(), parts.data()), three);
        ssd_scan_cpu(scan.args(cut, kTokens - cut, middle.data(), end.data(),
                               parts.data() + cut * scan.heads * scan.head_dim), three);
        CHECK(parts == y);
        CHECK(end == state);
    }
}

TEST_CASE("causal_conv1d: cutting a prompt anywhere leaves the same bits, also shorter than the window") {
    constexpr int64_t kTokens = 11;
    const Conv conv(kTokens);
    ThreadPool pool(2);
    std::vector<float> state(conv.state.size()), y(conv.x.size()), reference_state(state.size()), reference(y.size());
    causal_conv1d_ref(conv.args(0, kTokens, conv.state.data(), reference_state.data(), reference.data()));
    causal_conv1d_cpu(conv.args(0, kTokens, conv.state.data(), state.data(), y.data()), pool);
    CHECK(distance(y, reference) <= 1e-6);
    CHECK(state == reference_state);
    for (const int64_t cut : {1, 2, 5, 10}) {
        std::vector<float> middle(state.size()), end(state.size()), parts(y.size());
        causal_conv1d_cpu(conv.args(0, cut, conv.state.data(), middle.data(), parts.data()), pool);
        causal_conv1d_cpu(conv.args(cut, kTokens - cut, middle.data(), end.data(), parts.data() + cut * conv.channels), pool);
        CHECK(parts == y);
        CHECK(end == state);
    }
}

TEST_CASE("attention: the cpu kernel agrees with the reference for both cache types, windows and no mask") {
    ThreadPool pool(2);
    for (const KvType type : {KvType::F32, KvType::Bf16})
        for (const int64_t window : {0, 9})
            for (const bool causal : {true, false}) {
                Attend attend(23, 14, type);
                attend.window = window;
                attend.causal = causal;
                std::vector<float> reference, y;
                attention_ref(attend.args(reference));
                attention_cpu(attend.args(y), pool);
                CHECK(distance(y, reference) <= 2e-6);
            }
}

TEST_CASE("attention: a row has the same bits alone and among others") {
    ThreadPool one(1), three(3);
    const Attend attend(20, 5, KvType::Bf16);
    std::vector<float> whole, threaded;
    attention_cpu(attend.args(whole), one);
    attention_cpu(attend.args(threaded), three);
    CHECK(whole == threaded);
    std::vector<float> alone;
    AttentionArgs args = attend.args(alone);
    const int64_t row_floats = attend.heads * attend.head_dim;
    args.q += 13 * row_floats;
    args.first_position += 13;
    args.tokens = 1;
    attention_cpu(args, three);
    CHECK(std::equal(alone.begin(), alone.begin() + row_floats, whole.begin() + 13 * row_floats));
}

TEST_CASE("attention: keys that left the window leave no trace") {
    ThreadPool pool(1);
    Attend attend(3, 30, KvType::F32);
    attend.window = 8;
    std::vector<float> before, after;
    attention_cpu(attend.args(before), pool);
    std::fill(attend.k32.begin(), attend.k32.begin() + 20 * attend.kv_heads * attend.head_dim, 1e30f);
    std::fill(attend.v32.begin(), attend.v32.begin() + 20 * attend.kv_heads * attend.head_dim, 1e30f);
    attention_cpu(attend.args(after), pool);
    CHECK(before == after);
}

TEST_CASE("rope: both pairings turn by the same angles, and a rotation keeps lengths") {
    const float inv_freq[] = {1.0f, 0.25f};
    std::vector<float> halves = {1, 2, 3, 4, 9}, neighbours = {1, 3, 2, 4, 9}; // rotary 4 of 5
    rope_ref({halves.data(), inv_freq, 1, 6, 1, 5, 4, 5, 1, RopePairs::Halves});
    rope_ref({neighbours.data(), inv_freq, 1, 6, 1, 5, 4, 5, 1, RopePairs::Neighbours});
    CHECK(halves[0] == neighbours[0]);
    CHECK(halves[2] == neighbours[1]);
    CHECK(halves[1] == neighbours[2]);
    CHECK(halves[3] == neighbours[3]);
    CHECK(halves[4] == 9);
    CHECK(halves[0] == doctest::Approx(std::cos(6.0) - 3 * std::sin(6.0)));
    CHECK(halves[0] * halves[0] + halves[2] * halves[2] == doctest::Approx(10));
}

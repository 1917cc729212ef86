// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/attention/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/engine/cuda/gpu.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Attend {
    int64_t tokens, first, heads, kv_heads, head_dim;
    int64_t window = 0;
    bool causal = true;
    KvType type;
    std::vector<float> q, keys, values; // keys and values before they are stored

    Attend(int64_t tokens, int64_t first, int64_t heads, int64_t kv_heads, int64_t head_dim, KvType type)
        : tokens(tokens), first(first), heads(heads), kv_heads(kv_heads), head_dim(head_dim), type(type) {
        q = random_floats(size_t(tokens * heads * head_dim), 1, -2, 2);
        keys = random_floats(size_t(positions() * kv_width()), 2);
        values = random_floats(keys.size(), 3);
    }
    int64_t positions() const { return first + tokens; }
    int64_t kv_width() const { return kv_heads * head_dim; }
    int64_t q_width() const { return heads * head_dim; }
    size_t cache_bytes() const { return size_t(positions() * kv_width()) * kv_bytes(type); }

    AttentionArgs args(const float* q_at, const void* k, const void* v, float* y, int64_t begin, int64_t count,
                       Phase phase) const {
        AttentionArgs args{q_at + begin * q_width(), k, v, y, count, first + begin, heads, kv_heads, head_dim, q_width(),
                           window, 0.2f, type, causal};
        args.phase = phase;
        return args;
    }
    std::vector<float> reference() const {
        std::vector<std::byte> k(cache_bytes()), v(k.size());
        store_kv_ref({keys.data(), k.data(), positions(), 0, kv_width(), kv_width(), type});
        store_kv_ref({values.data(), v.data(), positions(), 0, kv_width(), kv_width(), type});
        std::vector<float> y(q.size());
        attention_ref(args(q.data(), k.data(), v.data(), y.data(), 0, tokens, Phase::Prefill));
        return y;
    }
    /// Rows begin .. begin + count on the GPU, keys and values stored there.
    std::vector<float> on(Gpu& gpu, Phase phase, int64_t begin, int64_t count) const {
        auto *k = gpu.room<std::byte>(cache_bytes()), *v = gpu.room<std::byte>(cache_bytes());
        gpu->store_kv({gpu.put(keys), k, positions(), 0, kv_width(), kv_width(), type});
        gpu->store_kv({gpu.put(values), v, positions(), 0, kv_width(), kv_width(), type});
        float* y = gpu.room(size_t(count * q_width()));
        gpu->attention(args(gpu.put(q), k, v, y, begin, count, phase));
        return gpu.take(y, size_t(count * q_width()));
    }
};

} // namespace

TEST_CASE("cuda attention: agrees with the reference for both caches, windows, masks, head sizes and phases") {
    Gpu gpu;
    if (!gpu) return;
    for (const int64_t head_dim : {20, 40, 64, 96, 128, 160, 256})
        for (const KvType type : {KvType::F32, KvType::Bf16})
            for (const int64_t window : {0, 9, 300})
                for (const bool causal : {true, false})
                    for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
                        CAPTURE(head_dim);
                        CAPTURE(int(type));
                        CAPTURE(window);
                        CAPTURE(causal);
                        CAPTURE(int(phase));
                        Attend attend(45, 270, 6, 2, head_dim, type);
                        attend.window = window;
                        attend.causal = causal;
                        CHECK(distance(attend.on(gpu, phase, 0, attend.tokens), attend.reference()) <= 4e-6);
                    }
}

TEST_CASE("cuda attention: a prefill row has the same bits alone and among others") {
    Gpu gpu;
    if (!gpu) return;
    for (const int64_t window : {0, 50}) {
        Attend attend(100, 77, 6, 2, 40, KvType::Bf16);
        attend.window = window;
        const auto whole = attend.on(gpu, Phase::Prefill, 0, 100);
        for (const auto& [begin, count] : {std::pair(0, 1), std::pair(13, 1), std::pair(31, 40), std::pair(99, 1)}) {
            const auto part = attend.on(gpu, Phase::Prefill, begin, count);
            CHECK(std::equal(part.begin(), part.end(), whole.begin() + begin * attend.q_width()));
        }
    }
}

TEST_CASE("cuda attention: keys that left the window leave no trace, in either phase") {
    Gpu gpu;
    if (!gpu) return;
    for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
        Attend attend(3, 630, 4, 2, 64, KvType::F32);
        attend.window = 80;
        const auto before = attend.on(gpu, phase, 0, 3);
        std::fill(attend.keys.begin(), attend.keys.begin() + 540 * attend.kv_width(), 1e30f);
        std::fill(attend.values.begin(), attend.values.begin() + 540 * attend.kv_width(), 1e30f);
        CHECK(attend.on(gpu, phase, 0, 3) == before);
    }
}

TEST_CASE("cuda attention: position 300,000 of a wide cache is read where it was stored") {
    Gpu gpu;
    if (!gpu) return;
    // 300,032 x 8192 numbers a cache: offsets beyond 32 bits in elements and bytes. The window keeps the reference small.
    constexpr int64_t kFar = 299'968, kNear = 64, kWidth = 64 * 128;
    Attend near(2, kNear, 64, 64, 128, KvType::Bf16);
    near.window = 48;
    const auto reference = near.reference();
    const size_t bytes = size_t(kFar + near.positions()) * kWidth * 2;
    auto *k = gpu.room<std::byte>(bytes), *v = gpu.room<std::byte>(bytes);
    gpu->store_kv({gpu.put(near.keys), k, near.positions(), kFar, kWidth, kWidth, KvType::Bf16});
    gpu->store_kv({gpu.put(near.values), v, near.positions(), kFar, kWidth, kWidth, KvType::Bf16});
    for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
        float* y = gpu.room(near.q.size());
        AttentionArgs args = near.args(gpu.put(near.q), k, v, y, 0, near.tokens, phase);
        args.first_position += kFar;
        gpu->attention(args);
        CHECK(distance(gpu.take(y, near.q.size()), reference) <= 4e-6);
    }
}

TEST_CASE("cuda store_kv: rounds to bfloat16 as the reference does, also what is not a number") {
    Gpu gpu;
    if (!gpu) return;
    auto x = random_floats(1000, 8, -1e3f, 1e3f);
    x[3] = std::numeric_limits<float>::quiet_NaN(), x[4] = -INFINITY, x[5] = 1.00390625f, x[6] = 1.01171875f;
    std::vector<uint16_t> reference(1000), zero(1000);
    store_kv_ref({x.data(), reference.data(), 8, 2, 100, 110, KvType::Bf16});
    uint16_t* cache = gpu.put(zero);
    gpu->store_kv({gpu.put(x), cache, 8, 2, 100, 110, KvType::Bf16});
    CHECK(gpu.take(cache, 1000) == reference);
}

TEST_CASE("cuda rope: turns both pairings as the reference, near and at position 300,000") {
    Gpu gpu;
    if (!gpu) return;
    std::vector<float> inv_freq;
    for (int i = 0; i < 16; ++i) inv_freq.push_back(float(std::pow(10000.0, -i / 16.0)));
    for (const RopePairs pairs : {RopePairs::Halves, RopePairs::Neighbours})
        for (const int64_t first : {0, 299'990}) {
            auto x = random_floats(21 * 3 * 40, 5);
            float* there = gpu.put(x);
            RopeArgs args{x.data(), inv_freq.data(), 21, first, 3, 40, 32, 120, 1.2f, pairs};
            rope_ref(args);
            args.x = there, args.inv_freq = gpu.put(inv_freq);
            gpu->rope(args);
            CHECK(distance(gpu.take(there, x.size()), x) <= 4e-7);
        }
}

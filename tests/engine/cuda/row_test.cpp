// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <limits>

#include "engine/kernels/elementwise/elementwise.h"
#include "engine/kernels/norm/norm.h"
#include "tests/engine/cuda/gpu.h"
#include "tests/support/random_floats.h"

using namespace lectern;

TEST_CASE("cuda norms: agree with the reference at any width, in place, and a row has the same bits alone") {
    Gpu gpu;
    if (!gpu) return;
    for (const int64_t width : {6, 64, 90, 1536, 4100}) {
        CAPTURE(width);
        constexpr int64_t kTokens = 19;
        const auto x = random_floats(size_t(kTokens * width), 1, -3, 3), z = random_floats(x.size(), 2, -90, 90);
        const auto weight = random_floats(size_t(width), 3), bias = random_floats(size_t(width), 4);
        std::vector<float> reference(x.size());
        const float *w = gpu.put(weight), *b = gpu.put(bias), *zs = gpu.put(z);

        rms_norm_ref({x.data(), weight.data(), reference.data(), kTokens, width, 1e-5f});
        float* y = gpu.put(x);
        gpu->rms_norm({y, w, y, kTokens, width, 1e-5f});
        const auto normed = gpu.take(y, x.size());
        CHECK(distance(normed, reference) <= 2e-6);
        float* alone = gpu.room(size_t(width));
        gpu->rms_norm({gpu.put(x) + 7 * width, w, alone, 1, width, 1e-5f});
        const auto one = gpu.take(alone, size_t(width));
        CHECK(std::equal(one.begin(), one.end(), normed.begin() + 7 * width));

        for (const int64_t groups : {1, 2})
            for (const bool norm_first : {false, true}) {
                GatedRmsNormArgs args{x.data(), z.data(), weight.data(), reference.data(), kTokens, width, width,
                                      groups, 1e-5f, norm_first};
                gated_rms_norm_ref(args);
                float* gated = gpu.put(x);
                args.x = args.y = gated, args.z = zs, args.weight = w;
                gpu->gated_rms_norm(args);
                CHECK(distance(gpu.take(gated, x.size()), reference) <= (norm_first ? 6e-5 : 4e-6)); // up to 90 times
            }
        for (const bool with_residual : {false, true}) {
            layer_norm_ref({x.data(), with_residual ? z.data() : nullptr, weight.data(), bias.data(), reference.data(),
                            kTokens, width, 1e-5f});
            float* layer = gpu.put(x);
            gpu->layer_norm({layer, with_residual ? zs : nullptr, w, b, layer, kTokens, width, 1e-5f});
            CHECK(distance(gpu.take(layer, x.size()), reference) <= 4e-6);
        }
    }
}

TEST_CASE("cuda elementwise: agrees with the reference, also for extreme gates") {
    Gpu gpu;
    if (!gpu) return;
    auto gate = random_floats(20011, 1, -200, 200), up = random_floats(20011, 2);
    std::vector<float> reference(gate.size());
    swiglu_ref({gate.data(), up.data(), reference.data(), 1, int64_t(gate.size())});
    float* there = gpu.put(gate);
    gpu->swiglu({there, gpu.put(up), there, 1, int64_t(gate.size())});
    CHECK(distance(gpu.take(there, gate.size()), reference) <= 4e-5);

    auto x = random_floats(5000, 3, -6, 6);
    float* y = gpu.put(x);
    gelu_ref({x.data(), 5000});
    gpu->gelu({y, 5000});
    CHECK(distance(gpu.take(y, 5000), x) <= 1e-6);
    add_scaled_ref({x.data(), up.data(), 5000, 0.3f});
    gpu->add_scaled({y, gpu.put(up), 5000, 0.3f});
    CHECK(distance(gpu.take(y, 5000), x) <= 2e-6);
}

TEST_CASE("cuda memory: comes zeroed, is copied on the device, and too much of it is a sentence") {
    Gpu gpu;
    if (!gpu) return;
    constexpr size_t kCount = (size_t(150) << 20) / sizeof(float) + 3; // a copy of several pieces
    CHECK(gpu.take(gpu.room(kCount), kCount) == std::vector<float>(kCount, 0.0f));
    const auto values = random_floats(kCount, 9);
    const float* there = gpu.put(values);
    float* copied = gpu.room(kCount);
    gpu->copy(copied, there, kCount * sizeof(float));
    CHECK(gpu.take(copied, kCount) == values);
    const auto huge = gpu->allocate(size_t(1) << 45);
    REQUIRE_FALSE(huge);
    CHECK(huge.error().kind == ErrorKind::OutOfMemory);
    CHECK(huge.error().message.find("free") != std::string::npos);
    CHECK(gpu->synchronize()); // and the device goes on
}

TEST_CASE("cuda errors: a shape without a kernel is told by synchronize, and what follows does nothing") {
    if (!gpu_or_skip()) return;
    auto own = make_backend("cuda"); // its failure stays with it
    REQUIRE(own);
    auto buffer = (*own)->allocate(1 << 20);
    REQUIRE(buffer);
    float* f = buffer->floats();
    AttentionArgs args{};
    args.q = f, args.k = f, args.v = f, args.y = f;
    args.tokens = args.heads = args.kv_heads = 1;
    args.head_dim = args.q_stride = 512;
    args.causal = true;
    (*own)->attention(args);
    const auto done = (*own)->synchronize();
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::Unsupported);
    CHECK(done.error().message.find("512") != std::string::npos);
    std::vector<float> result(4, 5.0f);
    (*own)->download(result.data(), f, 16);
    CHECK(result == std::vector<float>(4, 0.0f));
    CHECK(gpu_or_skip()->synchronize()); // another backend on the same card goes on
}

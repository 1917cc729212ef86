// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/elementwise/elementwise.h"
#include "engine/kernels/moe/moe.h"
#include "engine/kernels/norm/norm.h"
#include "tests/support/random_floats.h"

using namespace lectern;

TEST_CASE("norms: the cpu kernels agree with the reference at widths that are no multiple of a vector") {
    ThreadPool pool(2);
    for (const int64_t width : {6, 64, 90}) {
        constexpr int64_t kTokens = 19;
        const auto x = random_floats(size_t(kTokens * width), 1, -3, 3), z = random_floats(x.size(), 2, -90, 90);
        const auto weight = random_floats(size_t(width), 3), bias = random_floats(size_t(width), 4);
        std::vector<float> reference(x.size()), y(x.size());
        rms_norm_ref({x.data(), weight.data(), reference.data(), kTokens, width, 1e-5f});
        rms_norm_cpu({x.data(), weight.data(), y.data(), kTokens, width, 1e-5f}, pool);
        CHECK(distance(y, reference) <= 2e-6);
        for (const int64_t groups : {1, 2})
            for (const bool norm_first : {false, true}) {
                const GatedRmsNormArgs args{x.data(), z.data(), weight.data(), reference.data(), kTokens, width, width,
                                            groups, 1e-5f, norm_first};
                GatedRmsNormArgs fast = args;
                fast.y = y.data();
                gated_rms_norm_ref(args);
                gated_rms_norm_cpu(fast, pool);
                CHECK(distance(y, reference) <= (norm_first ? 6e-5 : 4e-6)); // norm first multiplies by up to 90
            }
        for (const float* residual : {static_cast<const float*>(nullptr), z.data()}) {
            layer_norm_ref({x.data(), residual, weight.data(), bias.data(), reference.data(), kTokens, width, 1e-5f});
            layer_norm_cpu({x.data(), residual, weight.data(), bias.data(), y.data(), kTokens, width, 1e-5f}, pool);
            CHECK(distance(y, reference) <= 4e-6);
        }
    }
}

TEST_CASE("elementwise: the cpu kernels agree with the reference, also for extreme gates") {
    ThreadPool pool(2);
    auto gate = random_floats(20011, 1, -200, 200), up = random_floats(20011, 2);
    std::vector<float> reference(gate.size()), y(gate.size());
    swiglu_ref({gate.data(), up.data(), reference.data(), 1, int64_t(gate.size())});
    swiglu_cpu({gate.data(), up.data(), y.data(), 1, int64_t(gate.size())}, pool);
    CHECK(distance(y, reference) <= 4e-5);
    reference = y = random_floats(5000, 3, -6, 6);
    gelu_ref({reference.data(), 5000});
    gelu_cpu({y.data(), 5000}, pool);
    CHECK(distance(y, reference) <= 1e-6);
    add_scaled_ref({reference.data(), up.data(), 5000, 0.3f});
    add_scaled_cpu({y.data(), up.data(), 5000, 0.3f}, pool);
    CHECK(distance(y, reference) <= 1e-6);
}

TEST_CASE("moe_route: the chosen are the likeliest, in order of id, ties to the lower id") {
    const float logits[] = {1, 5, 3, 5, 0, 0, 0, 0};
    int32_t ids[4];
    float weights[4];
    moe_route_ref({logits, ids, weights, 2, 4, 2, true});
    CHECK(ids[0] == 1);
    CHECK(ids[1] == 3);
    CHECK(weights[0] == doctest::Approx(0.5));
    CHECK(ids[2] == 0);
    CHECK(ids[3] == 1);
    moe_route_ref({logits, ids, weights, 1, 4, 2, false});
    CHECK(weights[0] == doctest::Approx(std::exp(5.0) / (2 * std::exp(5.0) + std::exp(3.0) + std::exp(1.0))));
}

TEST_CASE("moe_experts: the cpu kernel agrees with the reference, and a row has the same bits alone") {
    ThreadPool pool(2);
    constexpr int64_t kTokens = 21, kModel = 48, kWidth = 40, kExperts = 5, kUsed = 2;
    const auto x = random_floats(kTokens * kModel, 1), logits = random_floats(kTokens * kExperts, 2, -3, 3);
    const auto gate = random_floats(kExperts * kWidth * kModel, 3), up = random_floats(gate.size(), 4),
               down = random_floats(gate.size(), 5);
    std::vector<int32_t> ids(kTokens * kUsed);
    std::vector<float> weights(ids.size()), scratch(size_t(moe_scratch_floats(kTokens, kModel, kWidth)));
    moe_route_ref({logits.data(), ids.data(), weights.data(), kTokens, kExperts, kUsed, true});
    const auto weight = [&](const std::vector<float>& v, int64_t rows, int64_t cols) {
        return Weight{v.data(), TensorType::F32, rows, cols, kExperts};
    };
    std::vector<float> reference(x.size()), y(x.size()), alone(kModel);
    MoeExpertsArgs args{x.data(), ids.data(), weights.data(), weight(gate, kWidth, kModel), weight(up, kWidth, kModel),
                        weight(down, kModel, kWidth), reference.data(), scratch.data(), kTokens, kUsed, Phase::Prefill};
    moe_experts_ref(args);
    args.y = y.data();
    moe_experts_cpu(args, pool);
    CHECK(distance(y, reference) <= 2e-5);
    args.x += 9 * kModel, args.ids += 9 * kUsed, args.weights += 9 * kUsed, args.y = alone.data(), args.tokens = 1;
    moe_experts_cpu(args, pool);
    CHECK(std::equal(alone.begin(), alone.end(), y.begin() + 9 * kModel));
}

TEST_CASE("thread_pool: every piece is done once, in ranges on the grain, call after call") {
    ThreadPool pool(4);
    for (int round = 0; round < 300; ++round) {
        std::vector<int> done(1000 + size_t(round));
        pool.parallel_for(int64_t(done.size()), 16, [&](int64_t begin, int64_t end) {
            if (begin % 16 != 0) done[size_t(begin)] += 100;
            for (int64_t i = begin; i < end; ++i) ++done[size_t(i)];
        });
        CHECK(done == std::vector<int>(done.size(), 1));
    }
}

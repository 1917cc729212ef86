// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "engine/kernels/moe/moe.h"
#include "tests/engine/cuda/gpu.h"
#include "tests/engine/cuda/stored_weights.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Experts {
    int64_t tokens, d_model, width, experts, used;
    std::vector<float> x, logits;
    std::vector<std::byte> gate, up, down;
    TensorType type;
    std::vector<int32_t> ids;
    std::vector<float> weights;

    Experts(int64_t tokens, int64_t d_model, int64_t width, int64_t experts, int64_t used, TensorType type)
        : tokens(tokens), d_model(d_model), width(width), experts(experts), used(used), type(type) {
        x = random_floats(size_t(tokens * d_model), 1);
        logits = random_floats(size_t(tokens * experts), 2, -3, 3);
        const auto count = size_t(experts * width * d_model);
        gate = stored_weights(type, count, 3), up = stored_weights(type, count, 4), down = stored_weights(type, count, 5);
        ids.resize(size_t(tokens * used));
        weights.resize(ids.size());
        moe_route_ref({logits.data(), ids.data(), weights.data(), tokens, experts, used, true});
    }
    Weight weight(const std::byte* data, int64_t rows, int64_t cols) const { return {data, type, rows, cols, experts}; }
    std::vector<float> reference() const {
        std::vector<float> y(x.size()), scratch(size_t(moe_scratch_floats(tokens, d_model, width)));
        moe_experts_ref({x.data(), ids.data(), weights.data(), weight(gate.data(), width, d_model),
                         weight(up.data(), width, d_model), weight(down.data(), d_model, width), y.data(), scratch.data(),
                         tokens, used, Phase::Prefill});
        return y;
    }
    std::vector<float> on(Gpu& gpu, Phase phase, int64_t first, int64_t count) const {
        float* y = gpu.room(size_t(count * d_model));
        gpu->moe_experts({gpu.put(x) + first * d_model, gpu.put(ids) + first * used, gpu.put(weights) + first * used,
                          weight(gpu.put(gate), width, d_model), weight(gpu.put(up), width, d_model),
                          weight(gpu.put(down), d_model, width), y,
                          gpu.room(size_t(moe_scratch_floats(count, d_model, width))), count, used, phase});
        return gpu.take(y, size_t(count * d_model));
    }
};

double largest(const std::vector<float>& values) {
    double most = 0;
    for (const float v : values) most = std::max(most, std::abs(double(v)));
    return most;
}

} // namespace

TEST_CASE("cuda moe_route: chooses and weighs as the reference, with ties and for one expert of many") {
    Gpu gpu;
    if (!gpu) return;
    for (const auto& [experts, used] : {std::tuple(5, 2), std::tuple(64, 6), std::tuple(72, 10), std::tuple(128, 1)})
        for (const bool renormalise : {true, false}) {
            constexpr int64_t kTokens = 40;
            auto logits = random_floats(size_t(kTokens * experts), 2, -3, 3);
            for (size_t i = 0; i < logits.size(); i += 3) logits[i] = 1.5f; // ties
            std::vector<int32_t> ids(size_t(kTokens * used));
            std::vector<float> weights(ids.size());
            moe_route_ref({logits.data(), ids.data(), weights.data(), kTokens, experts, used, renormalise});
            auto* ids_there = gpu.room<int32_t>(ids.size());
            float* weights_there = gpu.room(ids.size());
            gpu->moe_route({gpu.put(logits), ids_there, weights_there, kTokens, experts, used, renormalise});
            CHECK(gpu.take(ids_there, ids.size()) == ids);
            CHECK(distance(gpu.take(weights_there, ids.size()), weights) <= 1e-7);
        }
}

TEST_CASE("cuda moe_route: logits that are not numbers still give experts that exist") {
    Gpu gpu;
    if (!gpu) return;
    std::vector<float> logits(2 * 8, std::numeric_limits<float>::quiet_NaN());
    logits[11] = 1;
    auto* ids = gpu.room<int32_t>(6);
    gpu->moe_route({gpu.put(logits), ids, gpu.room(6), 2, 8, 3, true});
    CHECK(gpu.take(ids, 6) == std::vector<int32_t>{0, 1, 2, 0, 1, 3});
}

TEST_CASE("cuda moe_experts: agrees with the reference in both phases and several types") {
    Gpu gpu;
    if (!gpu) return;
    for (const auto& [type, d_model, width] : {std::tuple(TensorType::F32, 48, 40), std::tuple(TensorType::BF16, 90, 33),
                                               std::tuple(TensorType::Q8_0, 96, 64), std::tuple(TensorType::Q4_K, 256, 512)})
        for (const int64_t tokens : {1, 21, 150})
            for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
                CAPTURE(info(type).name);
                CAPTURE(tokens);
                CAPTURE(int(phase));
                const Experts e(tokens, d_model, width, 7, 3, type);
                const auto reference = e.reference();
                // Prefill rounds to f16 what tensor cores multiply: 2^-12 of each factor, in three products.
                const bool rounds = phase == Phase::Prefill && d_model % 8 == 0 && type != TensorType::F32;
                CHECK(distance(e.on(gpu, phase, 0, tokens), reference) <=
                      (rounds ? 2e-3 : 4e-6) * std::max(1.0, largest(reference)));
            }
}

TEST_CASE("cuda moe_experts: a prefill row has the same bits alone and among others") {
    Gpu gpu;
    if (!gpu) return;
    const Experts e(200, 64, 96, 5, 2, TensorType::Q8_0);
    const auto whole = e.on(gpu, Phase::Prefill, 0, 200);
    for (const auto& [first, count] : {std::pair(9, 1), std::pair(50, 30), std::pair(199, 1)}) {
        const auto part = e.on(gpu, Phase::Prefill, first, count);
        CHECK(std::equal(part.begin(), part.end(), whole.begin() + first * e.d_model));
    }
}

TEST_CASE("cuda moe_experts: experts of several panels give what each gives alone") {
    Gpu gpu;
    if (!gpu) return;
    // 40 experts of 2048 x 1024 numbers: 160 MiB as f16, unpacked in two panels.
    const Experts e(4, 1024, 2048, 40, 40, TensorType::Q8_0);
    const auto all = e.on(gpu, Phase::Prefill, 0, 4);
    CHECK(distance(all, e.on(gpu, Phase::Decode, 0, 4)) <= 2e-3 * std::max(1.0, largest(all)));
}

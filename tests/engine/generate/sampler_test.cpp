// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "engine/generate/sampler.h"

using namespace lectern;

namespace {

std::map<TokenId, int> draw(const SamplerOptions& options, std::vector<float> logits, int times = 4000) {
    Sampler sampler(options);
    std::map<TokenId, int> counts;
    for (int i = 0; i < times; ++i) {
        std::vector<float> copy = logits;
        ++counts[sampler.choose(copy, {})];
    }
    return counts;
}

const std::vector<float> kLogits = {std::log(0.5f), std::log(0.3f), std::log(0.15f), std::log(0.05f)};

} // namespace

TEST_CASE("sampler: greedy takes the likeliest, ties go to the lower id") {
    CHECK(draw({}, {1, 3, 3, 2}, 3) == std::map<TokenId, int>{{1, 3}});
}

TEST_CASE("sampler: at temperature 1 tokens come with their probability") {
    const auto counts = draw({.temperature = 1, .seed = 7}, kLogits);
    CHECK(counts.at(0) / 4000.0 == doctest::Approx(0.5).epsilon(0.06));
    CHECK(counts.at(3) / 4000.0 == doctest::Approx(0.05).epsilon(0.3));
}

TEST_CASE("sampler: top_k, top_p and min_p cut what they say") {
    CHECK(draw({.temperature = 1, .top_k = 2}, kLogits).size() == 2);
    CHECK(draw({.temperature = 1, .top_p = 0.6f}, kLogits).size() == 2); // 0.5 is not enough, 0.8 is
    CHECK(draw({.temperature = 1, .top_p = 0.5f}, kLogits).size() == 1);
    CHECK(draw({.temperature = 1, .min_p = 0.25f}, kLogits).size() == 3);
}

TEST_CASE("sampler: the same seed gives the same choices, another seed others") {
    CHECK(draw({.temperature = 1, .seed = 1}, kLogits) == draw({.temperature = 1, .seed = 1}, kLogits));
    CHECK(draw({.temperature = 1, .seed = 1}, kLogits) != draw({.temperature = 1, .seed = 2}, kLogits));
}

TEST_CASE("sampler: the penalty turns away from tokens in its window only, whatever their sign") {
    const TokenId history[] = {2, 0, 0, 0};
    Sampler sampler({.repetition_penalty = 2, .penalty_window = 4});
    std::vector<float> positive = {1, 3, 4}, negative = {-9, -1.5f, -1};
    CHECK(sampler.choose(positive, history) == 1);
    CHECK(sampler.choose(negative, history) == 1);
    Sampler near({.repetition_penalty = 2, .penalty_window = 3});
    std::vector<float> outside = {1, 3, 4};
    CHECK(near.choose(outside, history) == 2);
}

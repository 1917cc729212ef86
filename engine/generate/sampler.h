// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Choosing the next token from logits.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace lectern {

struct SamplerOptions {
    float temperature = 0;       ///< 0: the most likely token (greedy); ties go to the lower id
    int top_k = 0;               ///< 0: all
    float top_p = 1;             ///< the smallest set of tokens with at least this probability
    float min_p = 0;             ///< tokens with at least this share of the most likely one's probability
    float repetition_penalty = 1; ///< divides (multiplies, where negative) the logits of tokens already there
    int penalty_window = 256;    ///< how many tokens back it looks
    uint64_t seed = 0;
    int max_tokens = 512;
    std::vector<std::string> stop_strings;
};

class Sampler {
public:
    explicit Sampler(const SamplerOptions& options) : options_(options), random_(options.seed) {}
    /// `logits` [vocab] is used up. `history`: what the penalty looks at.
    /// The filters apply in this order: penalty, temperature, top_k, top_p, min_p.
    TokenId choose(std::span<float> logits, std::span<const TokenId> history);

private:
    SamplerOptions options_;
    std::mt19937_64 random_;
    std::vector<std::pair<float, TokenId>> candidates_;
};

} // namespace lectern

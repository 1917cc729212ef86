// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/generate/sampler.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace lectern {

TokenId Sampler::choose(std::span<float> logits, std::span<const TokenId> history) {
    if (options_.repetition_penalty != 1) {
        const size_t window = std::min(history.size(), static_cast<size_t>(std::max(0, options_.penalty_window)));
        const auto recent = history.last(window);
        for (const TokenId id : std::unordered_set<TokenId>(recent.begin(), recent.end())) {
            if (id < 0 || size_t(id) >= logits.size()) continue;
            float& logit = logits[size_t(id)];
            logit = logit > 0 ? logit / options_.repetition_penalty : logit * options_.repetition_penalty;
        }
    }
    if (options_.temperature <= 0)
        return static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin());

    candidates_.clear();
    for (size_t i = 0; i < logits.size(); ++i)
        if (std::isfinite(logits[i])) candidates_.emplace_back(logits[i] / options_.temperature, TokenId(i));
    if (candidates_.empty()) return 0;
    const auto likelier = [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    };
    size_t kept = candidates_.size();
    if (options_.top_k > 0 && size_t(options_.top_k) < kept) {
        kept = size_t(options_.top_k);
        std::nth_element(candidates_.begin(), candidates_.begin() + ptrdiff_t(kept), candidates_.end(), likelier);
        candidates_.resize(kept);
    }
    std::sort(candidates_.begin(), candidates_.end(), likelier);
    const float largest = candidates_.front().first;
    double total = 0;
    for (auto& [weight, id] : candidates_) total += weight = std::exp(weight - largest);

    double mass = 0;
    size_t count = 0;
    while (count < candidates_.size()) {
        const float weight = candidates_[count].first; // 1 for the most likely
        if (count > 0 && (mass >= double(options_.top_p) * total || weight < options_.min_p)) break;
        mass += weight;
        ++count;
    }
    // 53 random bits, as a fraction: the standard's distributions differ between libraries.
    double point = double(random_() >> 11) * 0x1.0p-53 * mass;
    for (size_t i = 0; i < count; ++i) {
        point -= candidates_[i].first;
        if (point < 0) return candidates_[i].second;
    }
    return candidates_[count - 1].second;
}

} // namespace lectern

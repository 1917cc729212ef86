// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/search/fuse.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace lectern {

std::vector<ScoredChunk> fuse(std::span<const std::vector<ScoredChunk>> lists) {
    constexpr float kRankOffset = 60;
    std::unordered_map<ChunkId, float> scores;
    for (const auto& list : lists)
        for (size_t i = 0; i < list.size(); ++i) scores[list[i].chunk] += 1 / (kRankOffset + static_cast<float>(i + 1));
    std::vector<ScoredChunk> fused;
    fused.reserve(scores.size());
    for (const auto& [chunk, score] : scores) fused.push_back({chunk, score});
    std::sort(fused.begin(), fused.end(),
              [](const auto& a, const auto& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; });
    return fused;
}

Hash128 near_duplicate_hash(std::string_view text) {
    std::string words;
    bool between = false;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        const bool is_letter = (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || u >= 0x80;
        if (!is_letter) {
            between = true;
            continue;
        }
        if (between && !words.empty()) words += ' ';
        between = false;
        words += u >= 'A' && u <= 'Z' ? static_cast<char>(u + 32) : c;
    }
    return hash128(words.empty() ? text : std::string_view(words)); // a text of signs alone is its own
}

} // namespace lectern

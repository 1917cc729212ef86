// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/special_matcher.h"

#include "engine/base/ensure.h"

namespace lectern {

void SpecialMatcher::add(std::string_view text, int32_t id, bool everywhere) {
    ENSURE(!text.empty(), "a special token has a text");
    uint32_t node = 0;
    for (char byte : text) {
        const auto [found, fresh] = edges_.emplace(edge(node, byte), static_cast<uint32_t>(nodes_.size()));
        if (fresh) nodes_.emplace_back();
        node = found->second;
    }
    nodes_[node] = {id, everywhere};
}

SpecialMatcher::Match SpecialMatcher::longest_at(std::string_view text, size_t at, size_t trusted_end) const {
    Match best;
    uint32_t node = 0;
    for (size_t end = at; end < text.size();) {
        const auto next = edges_.find(edge(node, text[end]));
        if (next == edges_.end()) break;
        node = next->second;
        ++end;
        if (nodes_[node].id >= 0 && (nodes_[node].everywhere || end <= trusted_end)) best = {nodes_[node].id, end - at};
    }
    return best;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Finds the texts of special tokens (control, unknown, user-defined) in a prompt: leftmost, then longest.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lectern {

class SpecialMatcher {
public:
    struct Match {
        int32_t id = -1; ///< -1: none
        size_t length = 0;
    };

    SpecialMatcher() : nodes_(1) {}
    /// `everywhere`: also outside trusted text (runs of whitespace). `text` is not empty.
    void add(std::string_view text, int32_t id, bool everywhere);
    /// The longest token at text[at] that is allowed there: an ordinary special must end at or before `trusted_end`.
    /// Costs at most the length of the longest special.
    Match longest_at(std::string_view text, size_t at, size_t trusted_end) const;

private:
    struct Node {
        int32_t id = -1;
        bool everywhere = false;
    };
    static uint64_t edge(uint32_t node, char byte) { return uint64_t(node) << 8 | static_cast<uint8_t>(byte); }

    std::vector<Node> nodes_; // a tree over bytes; node 0 is its root
    std::unordered_map<uint64_t, uint32_t> edges_;
};

} // namespace lectern

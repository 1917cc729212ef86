// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Which blocks are headings, and of which rank.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/document/document.h"

namespace lectern {

/// A section begins at a block. A smaller rank stands higher; ranks are compared, not counted.
struct SectionStart {
    int rank = 0;
    std::string title;
    bool heading = true; ///< false: a numbered clause whose own text follows its number
};

/// Judges blocks in reading order by font size, weight, numbering and, in Markdown, by their marks.
class HeadingFinder {
public:
    explicit HeadingFinder(bool markdown) : markdown_(markdown) {}

    /// Takes the sizes of a window of pages into account; furniture does not count.
    void learn(std::span<const Page> window, const std::vector<std::vector<bool>>& furniture);

    /// Whether a section begins at this block, which is not furniture. Blocks must come in order.
    std::optional<SectionStart> judge(const Page& page, const Block& block);

private:
    std::optional<SectionStart> judge_markdown(std::string_view text) const;
    std::optional<SectionStart> judge_clause(std::string_view text);

    bool markdown_;
    std::map<int, uint64_t> bytes_by_size_; ///< tenths of a point
    uint64_t bytes_ = 0, bold_bytes_ = 0;
    float body_size_ = 0;
    std::string clause_parent_; ///< number of the heading that clauses may belong to
    int last_clause_ = 0;
};

} // namespace lectern

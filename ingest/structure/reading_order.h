// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Lines in reading order out of words on a plane: rows, columns between rivers of white space, tables.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lectern {

/// What ordering needs of a word: its upright box in points and how long and what it is.
struct OrderWord {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    float size = 0;      ///< font size in points, > 0
    int chars = 1;
    int rtl_chars = 0;   ///< of these, written from right to left
};

struct TextLine {
    std::vector<uint32_t> words; ///< indices, in reading order
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    float size = 0; ///< of most of its characters
};

/// Lines that stand in one column, or the rows of one table.
struct LayoutRegion {
    bool table = false;
    std::vector<TextLine> lines;
};

/// Every word is in exactly one line of one region. Deterministic; independent of the order of `words` but for equal boxes.
///
/// Rows are the connected parts of the words' heights. Consecutive rows that leave a common river of white space free make
/// a band; a band whose parts look like prose (long lines that fill their width) is read column by column, each ordered the
/// same way; one whose parts are short and stand on common baselines is a table; anything else is read row by row.
std::vector<LayoutRegion> reading_order(std::span<const OrderWord> words);

} // namespace lectern

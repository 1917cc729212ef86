// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Rows and lines: how words that stand beside one another are found. Used by reading_order.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "ingest/structure/reading_order.h"

namespace lectern {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct XInterval {
    float from, to;
    float width() const { return to - from; }
};

using WordIds = std::vector<uint32_t>;

/// Words whose heights hang together, over the whole width of a plane.
struct TextRow {
    WordIds words;
    float y0 = 0, y1 = 0;
    std::vector<XInterval> white; ///< complement of the words in x, only pieces at least as wide as a river
};

/// The middle value, 0 of none.
float middle_value(std::vector<float> values);

/// Rows from top to bottom. Boxes are as tall as the font's ascent and descent, which overlap between tightly set lines: a
/// quarter at either side does not count. Raised and lowered marks belong to the row of their line.
std::vector<TextRow> rows_of(std::span<const OrderWord> all, WordIds words, float river);

/// Lines from top to bottom, each in reading order.
std::vector<TextLine> lines_of(std::span<const OrderWord> all, const WordIds& words);

/// One line of these words in this order.
TextLine line_from(std::span<const OrderWord> all, WordIds words);

} // namespace lectern

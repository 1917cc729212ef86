// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// From words with places to a page's text in reading order. Knows no file format: PDF text and OCR both come through here.
#pragma once

#include <string>
#include <vector>

#include "ingest/document/document.h"

namespace lectern {

/// A word as an extractor found it. Coordinates in points of the page as shown, origin top left, y down.
struct RawWord {
    std::string text;
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    float font_size = 0; ///< points; 0 if unknown: the height of the box is taken
    bool bold = false;
    bool space_after = false; ///< the extractor knows of a space behind it, however narrow
    int rotation = 0; ///< quarter turns clockwise that the text is turned by, 0 to 3
};

/// Text, blocks and words of a page; number, label and source are left to the caller.
///
/// Words of a line are joined by one space (none where they touch), lines by one line end, blocks by two. Columns are read
/// one after the other where a river of white space separates lines of prose; aligned short cells are read row by row and
/// become one TableRow block, a line a row. A word broken at a line's end is joined, its hyphen dropped, where no compound is
/// likely: "exam-" and "ple" give "example" followed by the line end, and two Words that touch. Text that is turned against most of the page comes after it, and so
/// do the line numbers of a pleading. The same words
/// give the same page, whatever order they come in. Words without text or with impossible boxes are dropped.
Page layout_page(std::vector<RawWord> words, float width_pt, float height_pt);

} // namespace lectern

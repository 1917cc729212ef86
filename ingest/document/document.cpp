// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/document/document.h"

#include <algorithm>

namespace lectern {

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
    case Outcome::Ready: return "ready";
    case Outcome::Partial: return "partial";
    case Outcome::Empty: return "empty";
    case Outcome::Locked: return "locked";
    case Outcome::Damaged: return "damaged";
    case Outcome::Unsupported: return "unsupported";
    case Outcome::TooLarge: return "too_large";
    case Outcome::NoPermission: return "no_permission";
    case Outcome::NotFound: return "not_found";
    case Outcome::DiskFull: return "disk_full";
    case Outcome::Duplicate: return "duplicate";
    case Outcome::Unchanged: return "unchanged";
    case Outcome::Cancelled: return "cancelled";
    }
    return "damaged";
}

std::string_view to_string(PageSource source) {
    switch (source) {
    case PageSource::Text: return "text";
    case PageSource::Ocr: return "ocr";
    case PageSource::Blank: return "blank";
    case PageSource::Failed: return "failed";
    }
    return "failed";
}

std::string_view to_string(BlockKind kind) {
    switch (kind) {
    case BlockKind::Paragraph: return "paragraph";
    case BlockKind::Heading: return "heading";
    case BlockKind::ListItem: return "list_item";
    case BlockKind::TableRow: return "table_row";
    case BlockKind::Furniture: return "furniture";
    }
    return "paragraph";
}

std::vector<PageBox> boxes_of_range(const Page& page, uint32_t start, uint32_t end) {
    // A neighbour joins the line when their heights overlap by half and the gap between them is at most two heights.
    constexpr float kMinOverlap = 0.5f;
    constexpr float kMaxGapInHeights = 2.0f;
    std::vector<PageBox> lines;
    auto word = std::lower_bound(page.words.begin(), page.words.end(), start,
                                 [](const Word& w, uint32_t at) { return w.end <= at; });
    const float aspect = page.width_pt > 0 ? page.height_pt / page.width_pt : 1.0f; // heights are fractions of the height
    for (; word != page.words.end() && word->start < end; ++word) {
        const Box& b = word->box;
        if (!lines.empty()) {
            Box& line = lines.back().box;
            const float overlap = std::min(line.y1, b.y1) - std::max(line.y0, b.y0);
            const float height = std::min(line.y1 - line.y0, b.y1 - b.y0);
            if (overlap >= kMinOverlap * height && b.x0 >= line.x0 &&
                b.x0 - line.x1 <= kMaxGapInHeights * height * aspect) {
                line = {line.x0, std::min(line.y0, b.y0), std::max(line.x1, b.x1), std::max(line.y1, b.y1)};
                continue;
            }
        }
        lines.push_back({page.number, b});
    }
    return lines;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/text_rows.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace lectern {
namespace {

constexpr float kSameLine = 0.4f;    // words overlap by this share of the lower one's height
constexpr float kMarkHeight = 0.72f; // raised marks are set at most so high, as a share of the line
constexpr float kInitialSize = 1.6f; // an initial that reaches down over several lines begins the first of them

/// A last row that overlaps the one before and is much lower, or much higher, is one with it: raised or lowered marks. Lines
/// of neighbouring columns at other heights overlap too, but are about as high.
void join_raised(std::vector<TextRow>& rows) {
    if (rows.size() < 2)
        return;
    TextRow &above = rows[rows.size() - 2], &row = rows.back();
    const float overlap = std::min(above.y1, row.y1) - std::max(above.y0, row.y0);
    const float lower = std::min(above.y1 - above.y0, row.y1 - row.y0), higher = std::max(above.y1 - above.y0, row.y1 - row.y0);
    if (overlap < kSameLine * lower || lower > kMarkHeight * higher)
        return;
    above.words.insert(above.words.end(), row.words.begin(), row.words.end());
    above.y0 = std::min(above.y0, row.y0);
    above.y1 = std::max(above.y1, row.y1);
    rows.pop_back();
}

/// A line that is being gathered; its height is that of its first word.
struct OpenLine {
    float y0, y1;
    WordIds words;
};

/// The open line that a word stands on: the one it overlaps most, of several the nearest; null if none.
OpenLine* line_of(std::vector<OpenLine>& open, const OrderWord& word, float usual_size) {
    OpenLine* best = nullptr;
    float most = kSameLine, nearest = kInfinity;
    const bool initial = word.size > kInitialSize * usual_size;
    for (OpenLine& line : open) {
        const float overlap = std::min(line.y1, word.y1) - std::max(line.y0, word.y0);
        const float share = overlap / std::max(0.01f, std::min(line.y1 - line.y0, word.y1 - word.y0));
        const float distance = initial ? line.y0 : std::abs(line.y0 + line.y1 - word.y0 - word.y1);
        if (share > most + 0.01f || (share > most - 0.01f && distance < nearest)) {
            most = std::max(most, share);
            nearest = distance;
            best = &line;
        }
    }
    return best;
}

void sort_in_line(std::span<const OrderWord> all, WordIds& words) {
    int chars = 0, rtl = 0;
    for (const uint32_t w : words) {
        chars += all[w].chars;
        rtl += all[w].rtl_chars;
    }
    const bool right_to_left = 2 * rtl > chars;
    std::sort(words.begin(), words.end(), [&](uint32_t a, uint32_t b) {
        if (right_to_left && all[a].x1 != all[b].x1)
            return all[a].x1 > all[b].x1;
        return std::make_pair(all[a].x0, a) < std::make_pair(all[b].x0, b);
    });
}

} // namespace

float middle_value(std::vector<float> values) {
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<TextRow> rows_of(std::span<const OrderWord> all, WordIds words, float river) {
    const auto core = [all](uint32_t w) {
        const float quarter = (all[w].y1 - all[w].y0) / 4;
        return XInterval{all[w].y0 + quarter, all[w].y1 - quarter};
    };
    std::sort(words.begin(), words.end(), [&](uint32_t a, uint32_t b) {
        return std::make_tuple(core(a).from, all[a].x0, a) < std::make_tuple(core(b).from, all[b].x0, b);
    });
    std::vector<TextRow> rows;
    float reach = -kInfinity;
    for (const uint32_t w : words) {
        const OrderWord& word = all[w];
        if (rows.empty() || core(w).from > reach) {
            join_raised(rows);
            rows.push_back({{}, word.y0, word.y1, {}});
            reach = -kInfinity;
        }
        TextRow& row = rows.back();
        row.words.push_back(w);
        row.y0 = std::min(row.y0, word.y0);
        row.y1 = std::max(row.y1, word.y1);
        reach = std::max(reach, core(w).to);
    }
    join_raised(rows);
    for (TextRow& row : rows) {
        std::vector<XInterval> spans;
        for (const uint32_t w : row.words)
            spans.push_back({all[w].x0, all[w].x1});
        std::sort(spans.begin(), spans.end(), [](const XInterval& a, const XInterval& b) { return a.from < b.from; });
        float at = -kInfinity;
        for (const XInterval& span : spans) {
            if (span.from - at >= river)
                row.white.push_back({at, span.from});
            at = std::max(at, span.to);
        }
        row.white.push_back({at, kInfinity});
    }
    return rows;
}

TextLine line_from(std::span<const OrderWord> all, WordIds words) {
    TextLine line{std::move(words), kInfinity, kInfinity, -kInfinity, -kInfinity, 0};
    std::vector<std::pair<float, int>> sizes;
    for (const uint32_t w : line.words) {
        const OrderWord& word = all[w];
        line.x0 = std::min(line.x0, word.x0);
        line.y0 = std::min(line.y0, word.y0);
        line.x1 = std::max(line.x1, word.x1);
        line.y1 = std::max(line.y1, word.y1);
        sizes.emplace_back(word.size, word.chars);
    }
    std::sort(sizes.begin(), sizes.end());
    int total = 0, seen = 0;
    for (const auto& [size, chars] : sizes)
        total += chars;
    for (const auto& [size, chars] : sizes)
        if (line.size = size; 2 * (seen += chars) >= total)
            break;
    return line;
}

std::vector<TextLine> lines_of(std::span<const OrderWord> all, const WordIds& words) {
    std::vector<TextLine> lines;
    for (TextRow& row : rows_of(all, words, kInfinity)) {
        std::vector<float> heights, sizes;
        for (const uint32_t w : row.words) {
            heights.push_back(all[w].y1 - all[w].y0);
            sizes.push_back(all[w].size);
        }
        // Words of the usual height make the lines; tall signs and small marks then find theirs.
        const float usual = middle_value(std::move(heights)), usual_size = middle_value(std::move(sizes));
        const auto is_usual = [&](uint32_t w) {
            const float height = all[w].y1 - all[w].y0;
            return height >= kMarkHeight * usual && height <= usual / kMarkHeight;
        };
        std::stable_partition(row.words.begin(), row.words.end(), is_usual);
        std::vector<OpenLine> open;
        for (const uint32_t w : row.words) {
            if (OpenLine* line = line_of(open, all[w], usual_size))
                line->words.push_back(w);
            else
                open.push_back({all[w].y0, all[w].y1, {w}});
        }
        std::sort(open.begin(), open.end(), [](const OpenLine& a, const OpenLine& b) { return a.y0 + a.y1 < b.y0 + b.y1; });
        for (OpenLine& line : open) {
            sort_in_line(all, line.words);
            lines.push_back(line_from(all, std::move(line.words)));
        }
    }
    return lines;
}

} // namespace lectern

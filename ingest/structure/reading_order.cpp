// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/reading_order.h"

#include "ingest/structure/text_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace lectern {
namespace {

// A river is at least this wide, in font sizes. Justified prose stretches spaces to about 0.7; journals set columns
// 1.2 to 2.5 apart.
constexpr float kRiverWidth = 0.95f;
// Prose: lines of a column hold so many characters and fill so much of its width (medians).
constexpr int kProseChars = 22;
constexpr float kProseFill = 0.72f;
constexpr int kMinColumnLines = 3;
// Wrapped cells of a table have one full line or two and a rest; a column of prose is full for most of its lines.
constexpr size_t kMinFullLines = 6;
constexpr float kFullLine = 0.8f;
constexpr float kFullShare = 0.6f;
// Rows without words on both sides that may come before the first row that has them.
constexpr int kMaxNeutralRows = 4;
// A vertical gap of so many line heights ends a band.
constexpr float kBandBreak = 3.0f;
// A longer band that turns out to be neither columns nor a table is not looked at again from its second row on.
constexpr size_t kMaxRetriedRows = 40;
constexpr int kMaxDepth = 6;

class Orderer {
public:
    explicit Orderer(std::span<const OrderWord> words) : all_(words) {}
    void order(WordIds words, int depth, std::vector<LayoutRegion>& out) const;

private:
    struct Band {
        size_t end;                  ///< one past its last row
        std::vector<XInterval> rivers;
    };

    Band grow_band(const std::vector<TextRow>& rows, size_t first, float river) const;
    bool is_neutral(const TextRow& row, const std::vector<XInterval>& rivers) const;
    size_t first_of_band(const std::vector<TextRow>& rows, size_t first, const Band& band) const;
    std::pair<size_t, size_t> table_rows(const std::vector<TextRow>& rows, size_t first, const Band& band) const;
    std::vector<XInterval> inner(const std::vector<XInterval>& white, float left, float right) const;
    std::vector<WordIds> split(const WordIds& words, const std::vector<XInterval>& rivers) const;
    struct ColumnLook {
        bool prose = false;
        bool full_prose = false; ///< so many full lines that the cells of a table cannot look like it
    };
    ColumnLook look_at(const std::vector<TextLine>& lines) const;
    bool is_full_prose(const WordIds& words, const std::vector<XInterval>& rivers) const;
    bool has_table_rows(const std::vector<TextRow>& rows, size_t first, size_t end, const std::vector<XInterval>& rivers) const;
    bool keep_prose_rivers(const WordIds& words, std::vector<XInterval>& rivers) const;
    float aligned_share(const std::vector<WordIds>& columns) const;
    LayoutRegion table(const std::vector<TextRow>& rows, size_t first, size_t end, const std::vector<XInterval>& rivers) const;

    std::span<const OrderWord> all_;
};

std::vector<XInterval> intersect(const std::vector<XInterval>& a, const std::vector<XInterval>& b, float least) {
    std::vector<XInterval> common;
    for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const XInterval both{std::max(a[i].from, b[j].from), std::min(a[i].to, b[j].to)};
        if (both.width() >= least)
            common.push_back(both);
        (a[i].to < b[j].to ? i : j)++;
    }
    return common;
}

/// The white pieces that have words on either side.
std::vector<XInterval> Orderer::inner(const std::vector<XInterval>& white, float left, float right) const {
    std::vector<XInterval> rivers;
    for (const XInterval& piece : white)
        if (piece.from > left && piece.to < right)
            rivers.push_back(piece);
    return rivers;
}

Orderer::Band Orderer::grow_band(const std::vector<TextRow>& rows, size_t first, float river) const {
    Band band{first, {}};
    std::vector<XInterval> common = rows[first].white;
    float left = kInfinity, right = -kInfinity, pitch = 0;
    for (size_t i = first; i < rows.size(); ++i) {
        if (i > first) {
            pitch = std::max(river, rows[i].y0 - rows[i - 1].y1);
            if (pitch > kBandBreak * river)
                break;
            common = intersect(common, rows[i].white, river);
        }
        for (const uint32_t w : rows[i].words) {
            left = std::min(left, all_[w].x0);
            right = std::max(right, all_[w].x1);
        }
        std::vector<XInterval> rivers = inner(common, left, right);
        if (rivers.empty()) {
            if (band.end > first || i - first >= kMaxNeutralRows)
                break;
            continue;
        }
        // Losing one of several rivers means that another layout begins, if what has been gathered stands by itself.
        if (band.end > first + 2 && rivers.size() < band.rivers.size())
            break;
        band = {i + 1, std::move(rivers)};
    }
    return band;
}

std::vector<WordIds> Orderer::split(const WordIds& words, const std::vector<XInterval>& rivers) const {
    std::vector<WordIds> columns(rivers.size() + 1);
    for (const uint32_t w : words) {
        size_t column = 0;
        while (column < rivers.size() && all_[w].x0 >= rivers[column].to - 0.01f)
            ++column;
        columns[column].push_back(w);
    }
    return columns;
}

/// WordIds on one side of all rivers only.
bool Orderer::is_neutral(const TextRow& row, const std::vector<XInterval>& rivers) const {
    size_t filled = 0;
    for (const WordIds& part : split(row.words, rivers))
        filled += !part.empty();
    return filled < 2;
}

/// The short last line of what stands above is no part of the columns below it: it is closer to the line before.
size_t Orderer::first_of_band(const std::vector<TextRow>& rows, size_t first, const Band& band) const {
    size_t from = first;
    while (from > 0 && from + 1 < band.end && is_neutral(rows[from], band.rivers) &&
           rows[from].y0 - rows[from - 1].y1 < 0.8f * (rows[from + 1].y0 - rows[from].y1) - 0.01f)
        ++from;
    return from;
}

/// A table without the lines before its first and behind its last row of several cells.
std::pair<size_t, size_t> Orderer::table_rows(const std::vector<TextRow>& rows, size_t first, const Band& band) const {
    size_t top = first, bottom = band.end;
    while (top < bottom && is_neutral(rows[top], band.rivers))
        ++top;
    if (!has_table_rows(rows, top, bottom, band.rivers))
        while (bottom > top && is_neutral(rows[bottom - 1], band.rivers))
            --bottom;
    return {top, bottom};
}

Orderer::ColumnLook Orderer::look_at(const std::vector<TextLine>& lines) const {
    float x0 = kInfinity, x1 = -kInfinity;
    std::vector<float> chars, widths; // of the longest piece of a line without a gap as wide as a river
    for (const TextLine& line : lines) {
        float most = 0, most_width = 0, count = 0, begin = line.x0, end = line.x0;
        for (const uint32_t w : line.words) {
            if (all_[w].x0 - end > kRiverWidth * line.size) {
                count = 0;
                begin = all_[w].x0;
            }
            count += static_cast<float>(all_[w].chars + 1);
            end = all_[w].x1;
            if (count > most) {
                most = count;
                most_width = end - begin;
            }
        }
        chars.push_back(most);
        widths.push_back(most_width);
        x0 = std::min(x0, line.x0);
        x1 = std::max(x1, line.x1);
    }
    ColumnLook look;
    const auto full = std::count_if(widths.begin(), widths.end(), [&](float width) { return width >= kFullLine * (x1 - x0); });
    const auto count = static_cast<float>(lines.size());
    look.prose = lines.size() >= kMinColumnLines && middle_value(std::move(chars)) >= kProseChars &&
                 middle_value(std::move(widths)) >= kProseFill * (x1 - x0);
    look.full_prose = look.prose && lines.size() >= kMinFullLines && static_cast<float>(full) >= kFullShare * count;
    return look;
}

/// Drops rivers until every part is prose; false if none is left. The narrower neighbour of a part that is no prose goes.
bool Orderer::keep_prose_rivers(const WordIds& words, std::vector<XInterval>& rivers) const {
    while (!rivers.empty()) {
        const std::vector<WordIds> columns = split(words, rivers);
        size_t bad = columns.size();
        for (size_t i = 0; i < columns.size() && bad == columns.size(); ++i)
            if (!look_at(lines_of(all_, columns[i])).prose)
                bad = i;
        if (bad == columns.size())
            return true;
        size_t drop = bad == 0 ? 0 : bad - 1;
        if (bad > 0 && bad < rivers.size() && rivers[bad].width() < rivers[bad - 1].width())
            drop = bad;
        rivers.erase(rivers.begin() + static_cast<std::ptrdiff_t>(drop));
    }
    return false;
}

bool Orderer::is_full_prose(const WordIds& words, const std::vector<XInterval>& rivers) const {
    for (const WordIds& column : split(words, rivers))
        if (!look_at(lines_of(all_, column)).full_prose)
            return false;
    return true;
}

/// The share of lines of the shorter column that stand on a baseline of the longer one.
float Orderer::aligned_share(const std::vector<WordIds>& columns) const {
    std::vector<std::vector<TextLine>> lines;
    for (const WordIds& column : columns)
        lines.push_back(lines_of(all_, column));
    std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    size_t on = 0;
    for (const TextLine& line : lines[1])
        for (const TextLine& other : lines[0])
            if (std::abs(line.y1 - other.y1) <= 0.2f * line.size) {
                ++on;
                break;
            }
    return lines[1].empty() ? 0 : static_cast<float>(on) / static_cast<float>(lines[1].size());
}

/// Whether the rows come in groups with air between them, each group beginning on one line in several columns: the look of a
/// table with wrapped cells. Columns of prose have their paragraphs' gaps at different heights.
bool Orderer::has_table_rows(const std::vector<TextRow>& rows, size_t first, size_t end,
                             const std::vector<XInterval>& rivers) const {
    std::vector<float> pitches;
    for (size_t i = first + 1; i < end; ++i)
        pitches.push_back(rows[i].y0 - rows[i - 1].y0);
    if (pitches.size() < 3)
        return false;
    const float least = *std::min_element(pitches.begin(), pitches.end());
    size_t groups = 1, together = 0;
    for (size_t i = first; i < end; ++i) {
        if (i > first && pitches[i - first - 1] <= 1.25f * least)
            continue;
        groups += i > first;
        together += !is_neutral(rows[i], rivers);
    }
    return groups >= 3 && 10 * together >= 8 * groups && (end - first) <= 4 * groups && (end - first) > groups;
}

/// One line a table row: the cells from left to right, each with its own lines from top to bottom.
LayoutRegion Orderer::table(const std::vector<TextRow>& rows, size_t first, size_t end, const std::vector<XInterval>& rivers) const {
    std::vector<float> pitches;
    for (size_t i = first + 1; i < end; ++i)
        pitches.push_back(rows[i].y0 - rows[i - 1].y0);
    const float least = pitches.empty() ? 0 : *std::min_element(pitches.begin(), pitches.end());
    const bool grouped = has_table_rows(rows, first, end, rivers);
    LayoutRegion region{true, {}};
    for (size_t i = first; i < end;) {
        WordIds words = rows[i].words;
        size_t next = i + 1;
        while (grouped && next < end && pitches[next - first - 1] <= 1.25f * least) {
            words.insert(words.end(), rows[next].words.begin(), rows[next].words.end());
            ++next;
        }
        WordIds row;
        for (const WordIds& cell : split(words, rivers))
            for (const TextLine& line : lines_of(all_, cell))
                row.insert(row.end(), line.words.begin(), line.words.end());
        region.lines.push_back(line_from(all_, std::move(row)));
        i = next;
    }
    return region;
}

void Orderer::order(WordIds words, int depth, std::vector<LayoutRegion>& out) const {
    if (words.empty())
        return;
    std::vector<float> sizes;
    for (const uint32_t w : words)
        sizes.push_back(all_[w].size);
    const float river = kRiverWidth * middle_value(std::move(sizes));
    const std::vector<TextRow> rows = rows_of(all_, std::move(words), river);
    WordIds plain; // rows that are read as they stand
    const auto flush = [&] {
        if (!plain.empty())
            out.push_back({false, lines_of(all_, plain)});
        plain.clear();
    };
    for (size_t i = 0; i < rows.size();) {
        Band band = depth < kMaxDepth ? grow_band(rows, i, river) : Band{i, {}};
        if (band.end == i) {
            plain.insert(plain.end(), rows[i].words.begin(), rows[i].words.end());
            ++i;
            continue;
        }
        if (const size_t from = first_of_band(rows, i, band); from > i) {
            for (; i < from; ++i)
                plain.insert(plain.end(), rows[i].words.begin(), rows[i].words.end());
            continue;
        }
        WordIds inside;
        for (size_t r = i; r < band.end; ++r)
            inside.insert(inside.end(), rows[r].words.begin(), rows[r].words.end());
        const std::vector<WordIds> parts = split(inside, band.rivers);
        std::vector<XInterval> prose = band.rivers;
        const float aligned = aligned_share(parts);
        size_t shortest = rows.size();
        for (const WordIds& part : parts)
            shortest = std::min(shortest, lines_of(all_, part).size());
        if (keep_prose_rivers(inside, prose) &&
            (is_full_prose(inside, prose) || !has_table_rows(rows, i, band.end, band.rivers))) {
            flush();
            for (WordIds& column : split(inside, prose))
                order(std::move(column), depth + 1, out);
        } else if (aligned < 0.5f && shortest >= 2) {
            flush();
            for (const WordIds& column : parts)
                order(column, depth + 1, out);
        } else if (const auto [top, bottom] = table_rows(rows, i, band); bottom >= top + 3 && shortest >= 2) {
            for (; i < top; ++i)
                plain.insert(plain.end(), rows[i].words.begin(), rows[i].words.end());
            flush();
            out.push_back(table(rows, top, bottom, band.rivers));
            band.end = bottom;
        } else {
            // Perhaps the first row only hides what the others have in common: try again from the next one.
            if (band.end - i <= kMaxRetriedRows)
                band.end = i + 1;
            for (size_t r = i; r < band.end; ++r)
                plain.insert(plain.end(), rows[r].words.begin(), rows[r].words.end());
        }
        i = band.end;
    }
    flush();
}

} // namespace

std::vector<LayoutRegion> reading_order(std::span<const OrderWord> words) {
    std::vector<LayoutRegion> regions;
    WordIds all(words.size());
    std::iota(all.begin(), all.end(), 0u);
    Orderer(words).order(std::move(all), 0, regions);
    return regions;
}

} // namespace lectern

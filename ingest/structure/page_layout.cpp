// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/page_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "ingest/structure/hyphenation.h"
#include "ingest/structure/line_numbers.h"
#include "ingest/structure/line_text.h"
#include "ingest/structure/reading_order.h"
#include "ingest/structure/word_text.h"

namespace lectern {
namespace {

// Words closer than this share of the font size are one word set in two fonts. Poppler itself cuts words at 0.1.
constexpr float kGlueGap = 0.08f;
// A paragraph ends where lines stand so much farther apart than the lines before, or where the size changes by so much.
constexpr float kParagraphPitch = 1.3f;
constexpr float kSizeChange = 1.15f;
// The first line of a paragraph is set in by so many font sizes.
constexpr float kIndent = 0.8f;
// A line that ends a sentence and leaves so much of its column free ends the paragraph.
constexpr float kShortLine = 0.2f;
constexpr size_t kNearby = 5; // lines before and behind that tell how wide the column is

struct Piece {
    std::string text;
    OrderWord at; ///< in the frame in which the text is upright
    Box box;      ///< in points of the page
    bool bold = false;
    bool space_after = false;
};

/// A point of the page as seen when the page is turned so that text turned by `rotation` quarters stands upright.
OrderWord upright(const RawWord& w, int rotation, float width, float height) {
    switch (rotation) {
    case 1: return {w.y0, width - w.x1, w.y1, width - w.x0};
    case 2: return {width - w.x1, height - w.y1, width - w.x0, height - w.y0};
    case 3: return {height - w.y1, w.x0, height - w.y0, w.x1};
    default: return {w.x0, w.y0, w.x1, w.y1};
    }
}

bool is_usable(const RawWord& w, float width, float height) {
    if (!(std::isfinite(w.x0) && std::isfinite(w.y0) && std::isfinite(w.x1) && std::isfinite(w.y1)))
        return false;
    return w.x1 >= w.x0 && w.y1 >= w.y0 && w.x1 > 0 && w.y1 > 0 && w.x0 < width && w.y0 < height;
}

struct LineFacts {
    bool bold = false;
    std::string text; ///< words joined, for its first and last characters
};

class PageWriter {
public:
    PageWriter(const std::vector<Piece>& pieces, Page& page) : pieces_(pieces), page_(page) {
        for (const Piece& piece : pieces)
            vocabulary_.insert(std::string(bare_word(piece.text)));
    }

    void write(const LayoutRegion& region) {
        if (region.table) {
            begin_block(BlockKind::TableRow);
            for (const TextLine& line : region.lines)
                write_line(line);
            end_block();
            return;
        }
        const float usual = usual_pitch(region.lines);
        for (size_t i = 0; i < region.lines.size(); ++i) {
            const bool begins = i == 0 || starts_paragraph(region.lines, i, usual);
            if (begins) {
                end_block();
                begin_block(kind_of_text(facts(region.lines[i]).text));
                block_first_line_ = i;
            }
            write_line(region.lines[i], !begins && is_broken(region.lines[i - 1], region.lines[i]));
        }
        end_block();
    }

    /// All pieces in their order, a line each, as one block.
    void write_column() {
        if (pieces_.empty())
            return;
        begin_block(BlockKind::Paragraph);
        for (uint32_t i = 0; i < pieces_.size(); ++i)
            write_line(TextLine{{i}, 0, 0, 0, 0, 0});
        end_block();
    }

private:
    LineFacts facts(const TextLine& line) const {
        LineFacts facts{true, {}};
        for (const uint32_t w : line.words) {
            facts.bold = facts.bold && pieces_[w].bold;
            facts.text += (facts.text.empty() ? "" : " ") + pieces_[w].text;
        }
        return facts;
    }

    /// From line to line of a paragraph, in font sizes.
    static float usual_pitch(const std::vector<TextLine>& lines) {
        std::vector<float> pitches;
        for (size_t i = 1; i < lines.size(); ++i)
            if (const float pitch = (lines[i].y1 - lines[i - 1].y1) / lines[i].size; pitch > 0.3f)
                pitches.push_back(pitch);
        if (pitches.empty())
            return 0;
        // The lower third: gaps between paragraphs must not pass for the pitch of lines.
        const auto at = pitches.begin() + static_cast<std::ptrdiff_t>(pitches.size() / 3);
        std::nth_element(pitches.begin(), at, pitches.end());
        return *at;
    }

    bool starts_paragraph(const std::vector<TextLine>& lines, size_t i, float usual) const {
        const TextLine &line = lines[i], &before = lines[i - 1];
        const float pitch = line.y1 - before.y1;
        const float size = std::max(line.size, before.size);
        float expected = std::min(usual > 0 ? usual : 1.4f, 1.9f) * size;
        if (i - block_first_line_ >= 2)
            expected = std::max(expected, std::min(before.y1 - lines[i - 2].y1, 2.2f * size));
        if (pitch > kParagraphPitch * expected || pitch < -size)
            return true;
        if (std::max(line.size, before.size) > kSizeChange * std::min(line.size, before.size))
            return true;
        const LineFacts now = facts(line), last = facts(before);
        if (now.bold != last.bold)
            return true;
        const bool at_left = line.x0 <= lines[block_first_line_].x0 + kIndent * size;
        if (at_left && (starts_list_item(now.text) || leading_number(now.text)))
            return true;
        if (!ends_sentence(last.text))
            return false;
        float left = line.x0, right = line.x1; // of the lines nearby: elsewhere a region may be wider
        for (size_t j = i - std::min(i, kNearby); j < std::min(lines.size(), i + kNearby); ++j) {
            left = std::min(left, lines[j].x0);
            right = std::max(right, lines[j].x1);
        }
        const bool indented = line.x0 - before.x0 > kIndent * size && line.x0 - left < 5 * size && i > block_first_line_ &&
                              before.x0 - left < kIndent * size;
        return indented || right - before.x1 > std::max(kShortLine * (right - left), 2 * size);
    }

    void begin_block(BlockKind kind) {
        if (!page_.text.empty())
            page_.text += "\n\n";
        block_ = {kind, static_cast<uint32_t>(page_.text.size()), 0, {}, 0, true};
        sizes_.clear();
        in_block_ = true;
        first_in_block_ = true;
    }

    void end_block() {
        if (!in_block_)
            return;
        in_block_ = false;
        block_.end = static_cast<uint32_t>(page_.text.size());
        std::sort(sizes_.begin(), sizes_.end());
        size_t total = 0, seen = 0;
        for (const auto& [size, bytes] : sizes_)
            total += bytes;
        for (const auto& [size, bytes] : sizes_)
            if (block_.font_size = size; 2 * (seen += bytes) >= total)
                break;
        page_.blocks.push_back(block_);
    }

    /// Whether two neighbours are one word: they touch, and the second is not a raised mark behind a word.
    bool touches(const Piece& a, const Piece& b) const {
        const float size = std::min(a.at.size, b.at.size);
        const float gap = b.at.x0 >= a.at.x0 ? b.at.x0 - a.at.x1 : a.at.x0 - b.at.x1; // or from right to left
        if (a.space_after || gap > kGlueGap * size || gap < -0.5f * size)
            return false;
        const bool raised = b.at.size < 0.85f * a.at.size && b.at.y1 < a.at.y1 - 0.1f * a.at.size;
        return !raised;
    }

    bool is_broken(const TextLine& above, const TextLine& line) const {
        return is_broken_word(pieces_[above.words.back()].text, pieces_[line.words.front()].text, vocabulary_);
    }

    /// `continued`: the first word goes on with the last one of the line before, whose hyphen goes; the line end then stands
    /// behind it. Its two halves stay two Words, each with its own box.
    void write_line(const TextLine& line, bool continued = false) {
        if (continued) {
            const size_t hyphen = final_hyphen(page_.text);
            page_.text.resize(page_.text.size() - hyphen);
            page_.words.back().end -= static_cast<uint32_t>(hyphen);
        } else if (!first_in_block_) {
            page_.text += '\n';
        }
        for (size_t i = 0; i < line.words.size(); ++i) {
            const Piece& piece = pieces_[line.words[i]];
            const bool glued = i > 0 && touches(pieces_[line.words[i - 1]], piece);
            if (i > 0 && !glued) {
                page_.text += continued ? '\n' : ' ';
                continued = false;
            }
            const auto start = static_cast<uint32_t>(page_.text.size());
            page_.text += piece.text;
            const auto end = static_cast<uint32_t>(page_.text.size());
            if (glued) {
                Word& word = page_.words.back();
                word.end = end;
                word.box = join(word.box, piece.box);
            } else {
                page_.words.push_back({start, end, piece.box});
            }
            block_.box = first_in_block_ ? piece.box : join(block_.box, piece.box);
            block_.bold = block_.bold && piece.bold;
            sizes_.emplace_back(piece.at.size, piece.text.size());
            first_in_block_ = false;
        }
    }

    static Box join(const Box& a, const Box& b) {
        return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
    }

    const std::vector<Piece>& pieces_;
    Page& page_;
    std::unordered_set<std::string> vocabulary_;
    Block block_;
    std::vector<std::pair<float, size_t>> sizes_;
    size_t block_first_line_ = 0;
    bool in_block_ = false;
    bool first_in_block_ = true;
};

Piece make_piece(RawWord&& word, float width, float height) {
    Piece piece;
    piece.at = upright(word, word.rotation, width, height);
    piece.at.size = word.font_size > 0.5f && word.font_size < 5000.0f ? word.font_size : std::max(0.5f, piece.at.y1 - piece.at.y0);
    piece.at.chars = 0;
    for (size_t at = 0; at < word.text.size();) {
        const Utf8Char c = decode_utf8(word.text, at);
        at += c.size;
        ++piece.at.chars;
        piece.at.rtl_chars += is_right_to_left(c.code);
    }
    const auto inside = [](float value, float size) { return std::clamp(value / size, 0.0f, 1.0f); };
    piece.box = {inside(word.x0, width), inside(word.y0, height), inside(word.x1, width), inside(word.y1, height)};
    piece.text = std::move(word.text);
    piece.bold = word.bold;
    piece.space_after = word.space_after;
    return piece;
}

/// Words that stand upright in one frame: in reading order, line numbers of the margin behind the rest.
void write_upright(std::vector<Piece> pieces, Page& page) {
    const auto places_of = [](const std::vector<Piece>& all) {
        std::vector<OrderWord> places;
        for (const Piece& piece : all)
            places.push_back(piece.at);
        return places;
    };
    std::vector<std::string_view> texts;
    for (const Piece& piece : pieces)
        texts.push_back(piece.text);
    std::vector<Piece> numbers;
    for (const uint32_t w : find_line_numbers(places_of(pieces), texts))
        numbers.push_back(std::move(pieces[w]));
    if (!numbers.empty())
        std::erase_if(pieces, [](const Piece& piece) { return piece.text.empty(); }); // what has been moved away
    PageWriter writer(pieces, page);
    for (const LayoutRegion& region : reading_order(places_of(pieces)))
        writer.write(region);
    PageWriter(numbers, page).write_column();
}

} // namespace

Page layout_page(std::vector<RawWord> words, float width_pt, float height_pt) {
    Page page;
    page.width_pt = width_pt;
    page.height_pt = height_pt;
    std::array<size_t, 4> turned{};
    std::vector<RawWord> usable;
    for (RawWord& word : words) {
        word.text = clean_word_text(word.text);
        word.rotation &= 3;
        if (word.text.empty() || !is_usable(word, width_pt, height_pt))
            continue;
        turned[static_cast<size_t>(word.rotation)] += word.text.size();
        usable.push_back(std::move(word));
    }
    std::sort(usable.begin(), usable.end(), [](const RawWord& a, const RawWord& b) {
        return std::tie(a.y0, a.x0, a.x1, a.y1, a.text) < std::tie(b.y0, b.x0, b.x1, b.y1, b.text);
    });
    std::array<int, 4> order = {0, 1, 2, 3};
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return turned[static_cast<size_t>(a)] > turned[static_cast<size_t>(b)];
    });
    for (const int rotation : order) {
        std::vector<Piece> pieces;
        for (RawWord& word : usable)
            if (word.rotation == rotation && turned[static_cast<size_t>(rotation)] > 0)
                pieces.push_back(make_piece(std::move(word), width_pt, height_pt));
        write_upright(std::move(pieces), page);
    }
    page.source = page.text.empty() ? PageSource::Blank : PageSource::Text;
    return page;
}

} // namespace lectern

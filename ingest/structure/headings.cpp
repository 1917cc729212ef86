// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/headings.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <utf8proc.h>

#include "engine/base/utf8.h"
#include "ingest/structure/line_text.h"

namespace lectern {
namespace {

constexpr size_t kMaxHeadingBytes = 200;
constexpr size_t kMaxPlainHeadingBytes = 110; // without a larger size to speak for it
constexpr int kMaxHeadingLines = 3;
constexpr float kLarger = 1.12f;
// Ranks: titles and chapters by size, numbered headings by depth below them, unnumbered bold lines last.
constexpr int kRankTitle = 1, kRankLarge = 2, kRankNumbered = 10, kRankLargerPlain = 20, kRankBold = 30, kRankClause = 40;

std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (line.size() > kMaxHeadingBytes) {
        line.resize(kMaxHeadingBytes);
        line.resize(complete_utf8_prefix(line));
    }
    return line;
}

struct LetterCount {
    int letters = 0, upper = 0, digits = 0, words = 0;
};

LetterCount count_letters(std::string_view text) {
    LetterCount count;
    bool in_word = false;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += c.size;
        const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c.code));
        const bool upper = category == UTF8PROC_CATEGORY_LU;
        const bool letter = upper || category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LO;
        count.letters += letter;
        count.upper += upper;
        count.digits += category == UTF8PROC_CATEGORY_ND;
        count.words += letter && !in_word;
        in_word = letter;
    }
    return count;
}

/// "Table 3", "Fig. 2.1", "Abbildung 4".
bool is_caption(std::string_view text) {
    for (const std::string_view word : {"Table ", "TABLE ", "Figure ", "FIGURE ", "Fig. ", "FIG. ", "Tableau ", "Tabelle ", "Abbildung ", "Abb. "})
        if (text.starts_with(word) && text.size() > word.size() && text[word.size()] >= '0' && text[word.size()] <= '9')
            return true;
    return false;
}

bool is_bold_outside_bold_text(const Block& block, uint64_t bold, uint64_t all) { return block.bold && 2 * bold < all; }

} // namespace

void HeadingFinder::learn(std::span<const Page> window, const std::vector<std::vector<bool>>& furniture) {
    for (size_t p = 0; p < window.size(); ++p)
        for (size_t b = 0; b < window[p].blocks.size(); ++b) {
            const Block& block = window[p].blocks[b];
            if (furniture[p][b] || block.kind == BlockKind::TableRow) // tables are set smaller than the body
                continue;
            bytes_by_size_[static_cast<int>(std::lround(10 * block.font_size))] += block.end - block.start;
            bytes_ += block.end - block.start;
            bold_bytes_ += block.bold ? block.end - block.start : 0;
        }
    uint64_t seen = 0;
    for (const auto& [size, bytes] : bytes_by_size_) {
        seen += bytes;
        if (2 * seen >= bytes_) {
            body_size_ = static_cast<float>(size) / 10;
            break;
        }
    }
}

std::optional<SectionStart> HeadingFinder::judge_markdown(std::string_view text) const {
    const size_t hashes = std::min(text.find_first_not_of('#'), text.size());
    if (hashes < 1 || hashes > 6 || hashes >= text.size() || text[hashes] != ' ' || text.find('\n') != std::string_view::npos)
        return std::nullopt;
    std::string_view title = text.substr(hashes);
    title.remove_prefix(std::min(title.find_first_not_of(' '), title.size()));
    while (title.ends_with('#') || title.ends_with(' '))
        title.remove_suffix(1);
    if (title.empty())
        return std::nullopt;
    return SectionStart{static_cast<int>(hashes), one_line(title), true};
}

/// "8.1 Each party shall …" below the heading "8. Confidentiality", numbered without a gap.
std::optional<SectionStart> HeadingFinder::judge_clause(std::string_view text) {
    const auto number = leading_number(text);
    if (!number || number->named || number->depth != 2 || clause_parent_.empty())
        return std::nullopt;
    const size_t point = number->number.find('.');
    const int last = std::atoi(number->number.c_str() + point + 1);
    if (number->number.substr(0, point) != clause_parent_ || last != last_clause_ + 1)
        return std::nullopt;
    last_clause_ = last;
    return SectionStart{kRankClause, number->number, false};
}

std::optional<SectionStart> HeadingFinder::judge(const Page& page, const Block& block) {
    const std::string_view text = std::string_view(page.text).substr(block.start, block.end - block.start);
    if (markdown_)
        return judge_markdown(text);
    if (block.kind == BlockKind::TableRow || block.font_size <= 0)
        return std::nullopt;
    if (auto clause = judge_clause(text))
        return clause;
    const LetterCount count = count_letters(text);
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    if (text.size() > kMaxHeadingBytes || lines > kMaxHeadingLines || count.letters < 2 || count.letters < count.digits ||
        is_caption(text))
        return std::nullopt;
    const auto number = leading_number(text);
    const float larger = body_size_ > 0 ? block.font_size / body_size_ : 1;
    const bool bold = is_bold_outside_bold_text(block, bold_bytes_, bytes_);
    const bool sentence = ends_sentence(text) && !(number && text.size() <= number->size + 1);
    const bool short_line = text.size() <= kMaxPlainHeadingBytes && lines <= 2;
    const bool capitals = count.upper == count.letters && count.letters >= 4 && count.words <= 12;
    int rank = 0;
    if (number && short_line && !sentence && (bold || larger >= kLarger || capitals)) {
        rank = kRankNumbered + number->depth;
        clause_parent_ = number->depth == 1 ? number->number : std::string();
        last_clause_ = 0;
    } else if (larger >= 1.55f && !starts_list_item(text)) {
        rank = kRankTitle;
    } else if (larger >= 1.3f && !starts_list_item(text)) {
        rank = kRankLarge;
    } else if (larger >= kLarger && short_line && !sentence && !starts_list_item(text)) {
        rank = kRankLargerPlain;
    } else if (larger >= 0.95f && short_line && !sentence && lines == 1 && (bold || (capitals && count.words >= 1)) &&
               !starts_list_item(text)) {
        rank = kRankBold;
    }
    if (rank == 0)
        return std::nullopt;
    if (rank < kRankNumbered)
        clause_parent_.clear();
    return SectionStart{rank, one_line(text), true};
}

} // namespace lectern

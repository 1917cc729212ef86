// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/furniture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "ingest/structure/line_numbers.h"

namespace lectern {
namespace {

constexpr float kEdge = 0.13f;       // running lines lie within this share of the height from an edge
constexpr float kOuterEdge = 0.09f;  // page numbers, and what short documents repeat
constexpr size_t kMaxBytes = 220;
constexpr int kMaxLines = 3;
constexpr int kMinRepeats = 3;
constexpr float kMinShare = 0.4f;
constexpr int kMaxOfPage = 24;       // candidates are compared with one another
constexpr float kSlot = 0.008f;      // the same height on the page, as a share of it
constexpr float kSlotShare = 0.7f;   // a place that most pages fill is a header's even where its text changes by chapter

enum class Edge { Top, Bottom };

std::optional<Edge> edge_of(const Block& block, float share) {
    if (block.box.y1 <= block.box.y0)
        return std::nullopt; // no place: text files
    if (block.box.y1 <= share)
        return Edge::Top;
    if (block.box.y0 >= 1 - share)
        return Edge::Bottom;
    return std::nullopt;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Lower case (ASCII), runs of digits as '#', runs of white space as one space.
std::string normalised(std::string_view text) {
    std::string key;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\t';
        if (is_digit(c)) {
            if (key.empty() || key.back() != '#')
                key += '#';
        } else if (space) {
            if (!key.empty() && key.back() != ' ')
                key += ' ';
        } else {
            key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
    }
    return key;
}

/// "12", "– 12 –", "xiv", "Page 3 of 12", "3/12", "S. 4".
bool is_page_number(std::string_view text) {
    std::string key;
    for (const char c : normalised(text))
        if (std::string_view("-|.,()[]/ ").find(c) == std::string_view::npos)
            key += c;
        else if (!key.empty() && key.back() != ' ')
            key += ' ';
    for (const std::string_view dash : {"\xE2\x80\x93", "\xE2\x80\x94"})
        for (size_t at; (at = key.find(dash)) != std::string::npos;)
            key.erase(at, dash.size());
    while (key.ends_with(' '))
        key.pop_back();
    while (key.starts_with(' '))
        key.erase(0, 1);
    constexpr std::array<std::string_view, 14> kForms = {
        "#", "page #", "page # of #", "# of #", "# #", "p #", "seite #", "seite # von #",
        "s #", "page # sur #", "# sur #", "# von #", "page # de #", "p\xC3\xA1gina #"};
    if (std::find(kForms.begin(), kForms.end(), key) != kForms.end())
        return std::count_if(text.begin(), text.end(), is_digit) <= 9;
    return !key.empty() && key.size() <= 6 && key.find_first_not_of("ivxlc") == std::string::npos;
}

/// How far a page's text reaches. Its highest and its lowest block are at the edge, wherever that lies: pages printed from a
/// browser end anywhere.
struct Reach {
    float top = 1, bottom = 0;
};

Reach reach_of(const Page& page) {
    Reach reach;
    for (const Block& block : page.blocks) {
        reach.top = std::min(reach.top, block.box.y0);
        reach.bottom = std::max(reach.bottom, block.box.y1);
    }
    return reach;
}

std::optional<Edge> edge_on(const Block& block, const Reach& reach) {
    if (const auto edge = edge_of(block, kEdge))
        return edge;
    if (block.box.y1 <= block.box.y0 || (block.box.y0 <= reach.top && block.box.y1 >= reach.bottom))
        return std::nullopt;
    if (block.box.y0 <= reach.top)
        return Edge::Top;
    return block.box.y1 >= reach.bottom ? std::optional(Edge::Bottom) : std::nullopt;
}

struct Candidate {
    size_t page, block;
    std::string key;
    float middle;
    Edge edge;
};

std::vector<Candidate> candidates(std::span<const Page> window) {
    std::vector<Candidate> found;
    for (size_t p = 0; p < window.size(); ++p) {
        const Page& page = window[p];
        const Reach reach = reach_of(page);
        int of_page = 0;
        for (size_t b = 0; b < page.blocks.size(); ++b) {
            const Block& block = page.blocks[b];
            const std::string_view text = std::string_view(page.text).substr(block.start, block.end - block.start);
            const auto edge = text.size() <= kMaxBytes ? edge_on(block, reach) : std::nullopt;
            if (!edge || of_page >= kMaxOfPage || block.kind == BlockKind::TableRow ||
                std::count(text.begin(), text.end(), '\n') >= kMaxLines)
                continue;
            ++of_page;
            found.push_back({p, b, (*edge == Edge::Top ? "^" : "_") + normalised(text),
                             (block.box.y0 + block.box.y1) / 2, *edge});
        }
    }
    return found;
}

int pages_with_key(const std::vector<Candidate>& all, std::span<const Page> window, const Candidate& one, int parity) {
    int count = 0;
    size_t last = window.size();
    for (const Candidate& other : all)
        if (other.key == one.key && other.page != last && (parity < 0 || window[other.page].number % 2 == parity)) {
            ++count;
            last = other.page;
        }
    return count;
}

int pages_with_slot(const std::vector<Candidate>& all, std::span<const Page> window, const Candidate& one) {
    int count = 0;
    size_t last = window.size();
    for (const Candidate& other : all)
        if (other.edge == one.edge && std::abs(other.middle - one.middle) <= kSlot && other.page != last &&
            window[other.page].number % 2 == window[one.page].number % 2) {
            ++count;
            last = other.page;
        }
    return count;
}

} // namespace

std::vector<std::vector<bool>> FurnitureFinder::judge(std::span<const Page> window) {
    std::vector<std::vector<bool>> furniture;
    int with_text = 0;
    std::array<int, 2> of_parity{};
    for (const Page& page : window) {
        furniture.emplace_back(page.blocks.size(), false);
        with_text += !page.text.empty();
        of_parity[static_cast<size_t>(page.number % 2)] += !page.text.empty();
    }
    const std::vector<Candidate> all = candidates(window);
    for (const Candidate& one : all) {
        const Page& page = window[one.page];
        const Block& block = page.blocks[one.block];
        const bool outer = edge_of(block, kOuterEdge).has_value();
        const int repeats = pages_with_key(all, window, one, -1);
        const int parity = page.number % 2;
        const auto share_of = [&](int count) { return static_cast<float>(count) / static_cast<float>(std::max(1, of_parity[static_cast<size_t>(parity)])); };
        const bool repeated = repeats >= kMinRepeats && share_of(pages_with_key(all, window, one, parity)) >= kMinShare;
        const bool in_slot = outer && repeats >= kMinRepeats && share_of(pages_with_slot(all, window, one)) >= kSlotShare;
        const bool in_short = outer && with_text == 2 && repeats == 2;
        const bool number = outer && is_page_number(std::string_view(page.text).substr(block.start, block.end - block.start));
        if (repeated || in_slot || in_short || number || known_.count(one.key)) {
            furniture[one.page][one.block] = true;
            if (repeated || in_slot)
                ++known_[one.key];
        }
    }
    for (size_t p = 0; p < window.size(); ++p)
        for (size_t b = 0; b < window[p].blocks.size(); ++b) {
            const Block& block = window[p].blocks[b];
            if (is_line_numbers(std::string_view(window[p].text).substr(block.start, block.end - block.start)))
                furniture[p][b] = true;
        }
    for (auto& flags : furniture)
        if (std::all_of(flags.begin(), flags.end(), [](bool flag) { return flag; }))
            flags.assign(flags.size(), false);
    return furniture;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/sentences.h"

#include <algorithm>
#include <array>
#include <string>

#include <utf8proc.h>

#include "engine/base/utf8.h"
#include "ingest/structure/word_text.h"

namespace lectern {
namespace {

constexpr std::array<std::string_view, 40> kAbbreviations = {
    "dr",  "mr",   "mrs", "ms",  "prof", "st",  "no",  "nos", "art", "sec", "cf",  "vs",  "etc", "fig",
    "figs", "eq",  "al",  "e.g", "i.e",  "inc", "ltd", "co",  "corp", "jr",  "sr",  "vol", "pp",  "p",
    "approx", "ca", "resp", "bzw", "nr",  "abs", "vgl", "z.b", "mme", "mlle", "dept", "rev"};

bool is_terminal(char32_t c) { return c == '.' || c == '!' || c == '?' || c == U'…'; }
bool is_cjk_terminal(char32_t c) { return c == U'。' || c == U'！' || c == U'？'; }
bool is_closing(char32_t c) {
    return std::u32string_view(U")]\"'”’»」』").find(c) != std::u32string_view::npos;
}

bool is_lower(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_LL;
}

/// Whether the point behind text[.., point) belongs to the word: "Dr.", "J.", "e.g.".
bool is_abbreviation(std::string_view text, size_t point) {
    size_t from = point;
    while (from > 0 && std::string_view(" \t\n(").find(text[from - 1]) == std::string_view::npos)
        --from;
    std::string word(text.substr(from, point - from));
    std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (word.size() == 1 && word[0] >= 'a' && word[0] <= 'z')
        return true;
    return std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

struct Cutter {
    std::string_view text;
    size_t most;
    std::vector<TextRange> out;

    /// Adds [start, end) without white space at its ends, cut where it is too heavy.
    void add(size_t start, size_t end) {
        while (start < end && is_white(text[start]))
            ++start;
        while (end > start && is_white(text[end - 1]))
            --end;
        while (start < end) {
            const size_t cut = fitting_end(start, end);
            size_t trimmed = cut;
            while (trimmed > start && is_white(text[trimmed - 1]))
                --trimmed;
            out.push_back({static_cast<uint32_t>(start), static_cast<uint32_t>(trimmed)});
            start = cut;
            while (start < end && is_white(text[start]))
                ++start;
        }
    }

    static bool is_white(char c) { return c == ' ' || c == '\n' || c == '\t'; }

    size_t fitting_end(size_t start, size_t end) const {
        size_t weight = 0, space = 0;
        for (size_t at = start; at < end;) {
            const Utf8Char c = decode_utf8(text, at);
            weight += is_cjk(c.code) ? 4 : 1;
            if (weight > most)
                return space > start ? space : at;
            at += c.size;
            if (is_white(static_cast<char>(text[at - 1])))
                space = at;
        }
        return end;
    }
};

} // namespace

size_t text_weight(std::string_view text) {
    size_t weight = 0;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        weight += is_cjk(c.code) ? 4 : 1;
        at += c.size;
    }
    return weight;
}

std::vector<TextRange> split_sentences(std::string_view text, size_t most, bool lines) {
    Cutter cutter{text, most, {}};
    size_t start = 0;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const size_t here = at;
        at += c.size;
        if (lines && c.code == '\n') {
            cutter.add(start, here);
            start = at;
            continue;
        }
        if (is_cjk_terminal(c.code)) {
            cutter.add(start, at);
            start = at;
            continue;
        }
        if (!is_terminal(c.code))
            continue;
        while (at < text.size() && is_closing(decode_utf8(text, at).code))
            at += decode_utf8(text, at).size;
        size_t next = at;
        while (next < text.size() && Cutter::is_white(text[next]))
            ++next;
        if (next == at || next >= text.size() || is_lower(decode_utf8(text, next).code))
            continue;
        if (c.code == '.' && is_abbreviation(text, here))
            continue;
        cutter.add(start, at);
        start = next;
    }
    cutter.add(start, text.size());
    return std::move(cutter.out);
}

} // namespace lectern

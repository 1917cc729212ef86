// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/hyphenation.h"

#include <algorithm>
#include <array>

#include <utf8proc.h>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

// First parts that keep their hyphen: English prefixes and numerals, French ones.
constexpr auto kFirstParts = std::to_array<std::string_view>({
    "non",    "self",  "co",    "pre",   "post",    "anti",   "well",  "ex",     "semi",   "multi",  "half",  "all",
    "cross",  "high",  "low",   "long",  "short",   "full",   "part",  "mid",    "quasi",  "third",  "first", "second",
    "two",    "three", "four",  "five",  "six",     "seven",  "eight", "nine",   "ten",    "twenty", "thirty", "forty",
    "fifty",  "sixty", "seventy", "eighty", "ninety", "year", "open",  "real",   "single", "double", "on",    "off",
    "state",  "so",    "peut",  "est",   "sont",    "avant",  "demi",  "quatre", "vingt",  "trente", "quarante", "soixante",
    "cinquante", "celui", "celle", "ceux", "vis",   "ci",     "sous",  "dit",    "soi"});
// Second parts that are behind a hyphen: French pronouns and particles.
constexpr auto kSecondParts = std::to_array<std::string_view>({"il", "ils", "elle", "elles", "on", "ce", "je", "tu", "nous", "vous",
                                                               "même", "mêmes", "être", "dire", "dessus", "dessous", "vis", "ci"});

std::string lowered(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        append_utf8(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c.code))));
        at += c.size;
    }
    return out;
}

bool is_letter(char32_t code) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LU;
}

/// Letters only, at least two.
bool is_word_part(std::string_view text) {
    int letters = 0;
    for (size_t at = 0; at < text.size(); ++letters) {
        const Utf8Char c = decode_utf8(text, at);
        if (!is_letter(c.code))
            return false;
        at += c.size;
    }
    return letters >= 2;
}

} // namespace

size_t final_hyphen(std::string_view word) {
    if (word.ends_with('-'))
        return 1;
    return word.ends_with("\xE2\x80\x90") ? 3 : 0;
}

std::string_view bare_word(std::string_view word) {
    const auto outside = [](char32_t code) {
        const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
        return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
    };
    while (!word.empty() && outside(decode_utf8(word, 0).code))
        word.remove_prefix(decode_utf8(word, 0).size);
    while (!word.empty()) {
        size_t at = word.size() - 1;
        while (at > 0 && (static_cast<unsigned char>(word[at]) & 0xC0) == 0x80)
            --at;
        if (!outside(decode_utf8(word, at).code))
            break;
        word = word.substr(0, at);
    }
    return word;
}

bool is_broken_word(std::string_view before, std::string_view behind, const std::unordered_set<std::string>& page_words) {
    const size_t hyphen = final_hyphen(before);
    if (hyphen == 0 || behind.empty())
        return false;
    const std::string_view first = bare_word(before.substr(0, before.size() - hyphen)), second = bare_word(behind);
    if (!is_word_part(first) || !is_word_part(second) || before.size() - hyphen != static_cast<size_t>(first.data() + first.size() - before.data()))
        return false;
    const char32_t start = decode_utf8(behind, 0).code;
    if (utf8proc_category(static_cast<utf8proc_int32_t>(start)) != UTF8PROC_CATEGORY_LL)
        return false;
    const std::string one = lowered(first), two = lowered(second);
    if (std::find(kFirstParts.begin(), kFirstParts.end(), one) != kFirstParts.end() ||
        std::find(kSecondParts.begin(), kSecondParts.end(), two) != kSecondParts.end())
        return false;
    return page_words.count(one + "-" + two) == 0 && page_words.count(std::string(first) + "-" + std::string(second)) == 0;
}

} // namespace lectern

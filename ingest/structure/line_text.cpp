// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/line_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <utf8proc.h>

#include "engine/base/utf8.h"
#include "ingest/structure/word_text.h"

namespace lectern {
namespace {

constexpr std::array<std::string_view, 26> kNamingWords = {
    "article", "art.",   "section",  "sec.",   "§",       "§§",     "chapter",  "part",    "title",
    "annex",   "annexe", "appendix", "schedule", "exhibit", "clause", "chapitre", "partie",  "titre",
    "kapitel", "anhang", "anlage",   "abschnitt", "teil",   "artikel", "recital",  "paragraph"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower_ascii(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

/// "14.2.1" at the start; false where a digit is followed by something that makes it a figure ("3.5%", "14:30", "1,000").
bool parse_decimal(std::string_view text, LineNumber& number, bool& pointed) {
    size_t at = 0;
    int depth = 0;
    pointed = false;
    while (at < text.size() && is_digit(text[at])) {
        const size_t from = at;
        while (at < text.size() && is_digit(text[at]))
            ++at;
        if (at - from > 3 || ++depth > 6)
            return false;
        number.number = std::string(text.substr(0, at));
        if (at < text.size() && text[at] == '.') {
            pointed = true;
            ++at;
            continue;
        }
        break;
    }
    if (depth == 0 || (at < text.size() && text[at] != ' '))
        return false;
    number.depth = depth;
    number.size = std::min(text.size(), at + 1);
    return true;
}

bool is_roman_or_letter(std::string_view token) {
    if (token.empty() || token.size() > 6)
        return false;
    if (token.size() == 1 && token[0] >= 'A' && token[0] <= 'Z')
        return true;
    return token.find_first_not_of("IVXLC") == std::string_view::npos;
}

bool upper_follows(std::string_view text) {
    if (text.empty())
        return false;
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(decode_utf8(text, 0).code));
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT || category == UTF8PROC_CATEGORY_LO;
}

bool opens_quote(std::string_view text) {
    return std::u32string_view(U"([\"'“‘«„").find(decode_utf8(text, 0).code) != std::u32string_view::npos;
}

} // namespace

std::optional<LineNumber> leading_number(std::string_view line) {
    line = line.substr(0, line.find('\n'));
    LineNumber number;
    bool pointed = false;
    if (parse_decimal(line, number, pointed)) {
        const std::string_view behind = line.substr(number.size);
        if (!behind.empty() && !upper_follows(behind) && !opens_quote(behind))
            return std::nullopt; // a figure: "4.6 and 4.8 per cent"
        if (!pointed && number.depth == 1 && !upper_follows(behind))
            return std::nullopt; // "737-" over the line's end, then "9 (737 MAX)"
        if (!pointed && number.number.size() > 2)
            return std::nullopt; // a year or an amount
        return number;
    }
    const size_t space = line.find(' ');
    if (space == std::string_view::npos || space > 12)
        return std::nullopt;
    const std::string word = lower_ascii(line.substr(0, space));
    if (std::find(kNamingWords.begin(), kNamingWords.end(), word) == kNamingWords.end())
        return std::nullopt;
    const std::string_view rest = line.substr(space + 1);
    number.named = true;
    std::string_view token = rest.substr(0, rest.find(' '));
    const size_t token_size = token.size();
    while (!token.empty() && (token.back() == '.' || token.back() == ':' || token.back() == ','))
        token.remove_suffix(1);
    LineNumber decimal;
    const std::string spaced = std::string(token) + " ";
    if (parse_decimal(spaced, decimal, pointed)) {
        number.number = decimal.number;
        number.depth = decimal.depth;
    } else if (is_roman_or_letter(token)) {
        number.number = std::string(token);
    } else {
        return std::nullopt;
    }
    number.size = std::min(line.size(), space + 1 + token_size + 1);
    return number;
}

bool starts_list_item(std::string_view line) {
    if (line.empty())
        return false;
    const Utf8Char first = decode_utf8(line, 0);
    constexpr std::u32string_view kBullets = U"•‣◦▪▫●○■□–—*-\uF0B7\uF0A7·»➢✓";
    if (kBullets.find(first.code) != std::u32string_view::npos)
        return line.size() > first.size && line[first.size] == ' ';
    size_t at = line[0] == '(' ? 1 : 0;
    const size_t from = at;
    while (at < line.size() && at - from < 5 && std::isalnum(static_cast<unsigned char>(line[at])))
        ++at;
    if (at == from || at + 1 >= line.size() || line[at] != ')' || line[at + 1] != ' ')
        return false;
    const std::string_view mark = line.substr(from, at - from);
    const bool digits = mark.find_first_not_of("0123456789") == std::string_view::npos;
    const bool roman = mark.find_first_not_of("ivxIVX") == std::string_view::npos;
    return (digits && mark.size() <= 2) || roman || mark.size() == 1;
}

bool ends_sentence(std::string_view line) {
    while (!line.empty()) {
        size_t at = line.size() - 1;
        while (at > 0 && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80)
            --at;
        const char32_t code = decode_utf8(line, at).code;
        if (std::u32string_view(U".!?:;…。！？：；").find(code) != std::u32string_view::npos)
            return true;
        if (std::u32string_view(U")]\"'”’»」』 ").find(code) == std::u32string_view::npos)
            return false;
        line = line.substr(0, at);
    }
    return false;
}

BlockKind kind_of_text(std::string_view text) {
    return starts_list_item(text) ? BlockKind::ListItem : BlockKind::Paragraph;
}

} // namespace lectern

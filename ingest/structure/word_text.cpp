// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/word_text.h"

#include <algorithm>
#include <vector>

#include <utf8proc.h>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

/// U+FB00 to U+FB06.
constexpr std::string_view kLigatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

bool is_dropped(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

void append_spelled(std::string& to, char32_t code) {
    if (code >= 0xFB00 && code <= 0xFB06)
        to += kLigatures[code - 0xFB00];
    else
        append_utf8(to, code);
}

} // namespace

bool is_cjk(char32_t c) {
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_right_to_left(char32_t c) {
    return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC);
}

bool is_text_space(char32_t c) {
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string clean_word_text(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    bool space = false;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += c.size;
        if (is_text_space(c.code)) {
            space = !clean.empty();
            continue;
        }
        if (is_dropped(c.code))
            continue;
        if (space)
            clean += ' ';
        space = false;
        append_spelled(clean, c.code);
    }
    return clean;
}

std::string logical_from_visual(std::string_view word) {
    std::vector<std::string_view> clusters; // a letter with its marks, or a run of digits
    bool any = false, in_number = false;
    for (size_t at = 0; at < word.size();) {
        const Utf8Char c = decode_utf8(word, at);
        const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c.code));
        const bool mark = category == UTF8PROC_CATEGORY_MN;
        const bool digit = category == UTF8PROC_CATEGORY_ND || (in_number && (c.code == '.' || c.code == ',' || c.code == '%'));
        const std::string_view piece = word.substr(at, c.size);
        if (!clusters.empty() && (mark || (digit && in_number)))
            clusters.back() = {clusters.back().data(), clusters.back().size() + piece.size()};
        else
            clusters.push_back(piece);
        in_number = digit;
        any = any || is_right_to_left(c.code);
        at += c.size;
    }
    if (!any)
        return std::string(word);
    std::string logical;
    for (auto cluster = clusters.rbegin(); cluster != clusters.rend(); ++cluster)
        logical += *cluster;
    return logical;
}

std::string clean_line_text(std::string_view line) {
    std::string clean;
    clean.reserve(line.size());
    size_t end = 0; // of the last character that is not white space
    for (size_t at = 0; at < line.size();) {
        const Utf8Char c = decode_utf8(line, at);
        at += c.size;
        if (c.code == '\t' || c.code == ' ') {
            clean += static_cast<char>(c.code);
        } else if (is_text_space(c.code)) {
            clean += ' ';
        } else if (!is_dropped(c.code)) {
            append_spelled(clean, c.code);
            end = clean.size();
        }
    }
    clean.resize(end);
    return clean;
}

} // namespace lectern

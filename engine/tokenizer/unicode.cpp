// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/unicode.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

struct FreeText {
    void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};
using TextHandle = std::unique_ptr<utf8proc_uint8_t, FreeText>;

/// nullptr if the text is not UTF-8.
TextHandle map(std::string_view text, int options, size_t& size) {
    utf8proc_uint8_t* mapped = nullptr;
    const auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                static_cast<utf8proc_ssize_t>(text.size()), &mapped, utf8proc_option_t(options));
    TextHandle handle(mapped);
    if (n < 0) return nullptr;
    size = static_cast<size_t>(n);
    return handle;
}

std::string mapped_or_same(std::string_view text, int options) {
    size_t size = 0;
    const TextHandle mapped = map(text, options, size);
    return mapped ? std::string(reinterpret_cast<const char*>(mapped.get()), size) : std::string(text);
}

} // namespace

std::string to_nfc(std::string_view text) { return mapped_or_same(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::u32string to_nfd(std::u32string_view text) {
    std::string utf8;
    for (char32_t c : text) append_utf8(utf8, c);
    utf8 = mapped_or_same(utf8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
    std::u32string out;
    for (size_t at = 0; at < utf8.size();) {
        const Utf8Char c = decode_utf8(utf8, at);
        out += c.code;
        at += c.size;
    }
    return out;
}

bool is_white_space(char32_t c) {
    return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_other(char32_t c) {
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO: return true;
    default: return false;
    }
}

bool is_punctuation(char32_t c) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

bool is_nonspacing_mark(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_MN;
}

char32_t to_lower(char32_t c) {
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

char32_t to_upper(char32_t c) {
    return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}

} // namespace lectern

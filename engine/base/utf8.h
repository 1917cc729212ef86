// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// UTF-8: decoding with a rule for wrong bytes. Source: Unicode 15, chapter 3.9 (maximal subparts).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lectern {

constexpr char32_t kReplacementCharacter = 0xFFFD;

struct Utf8Char {
    char32_t code; ///< kReplacementCharacter where the bytes are wrong
    uint8_t size;  ///< bytes consumed, >= 1
    bool valid;
};

/// Decodes the character at text[at]; a wrong sequence consumes its maximal subpart. `at` < text.size().
Utf8Char decode_utf8(std::string_view text, size_t at);

void append_utf8(std::string& to, char32_t code);

bool is_valid_utf8(std::string_view text);

/// The text with every wrong sequence replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

/// Length of the longest prefix that ends at a whole character: what follows is an incomplete but so far valid sequence
/// of at most 3 bytes. Wrong bytes count as whole.
size_t complete_utf8_prefix(std::string_view text);

} // namespace lectern

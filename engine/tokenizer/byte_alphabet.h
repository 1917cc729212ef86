// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The alphabet of byte-level BPE: each byte is written as a printable character, space as "Ġ". Source: Radford et al.
/// 2019 (GPT-2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lectern {

/// The character that stands for a byte, as UTF-8.
std::string_view letter_of_byte(uint8_t byte);
/// The byte that a character stands for; nullopt outside the alphabet.
std::optional<uint8_t> byte_of_letter(char32_t letter);
/// A token's text to the bytes it stands for; characters outside the alphabet stand for themselves.
std::string bytes_of_letters(std::string_view text);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/byte_alphabet.h"

#include <array>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

constexpr char32_t kFirstStandIn = 0x100; // the bytes that do not print follow each other from here

struct Alphabet {
    std::array<std::string, 256> letters;
    std::array<int16_t, 0x200> bytes; // by code point; -1: none

    Alphabet() {
        bytes.fill(-1);
        char32_t stand_in = kFirstStandIn;
        for (int byte = 0; byte < 256; ++byte) {
            const bool prints = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
            const char32_t letter = prints ? static_cast<char32_t>(byte) : stand_in++;
            append_utf8(letters[byte], letter);
            bytes[letter] = static_cast<int16_t>(byte);
        }
    }
};

const Alphabet& alphabet() {
    static const Alphabet instance;
    return instance;
}

} // namespace

std::string_view letter_of_byte(uint8_t byte) { return alphabet().letters[byte]; }

std::optional<uint8_t> byte_of_letter(char32_t letter) {
    if (letter >= alphabet().bytes.size() || alphabet().bytes[letter] < 0) return std::nullopt;
    return static_cast<uint8_t>(alphabet().bytes[letter]);
}

std::string bytes_of_letters(std::string_view text) {
    std::string bytes;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const auto byte = c.valid ? byte_of_letter(c.code) : std::nullopt;
        if (byte) bytes += static_cast<char>(*byte);
        else bytes += text.substr(at, c.size);
        at += c.size;
    }
    return bytes;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/base/utf8.h"

namespace lectern {
namespace {

struct Lead {
    uint8_t length; // 0: not a lead byte
    uint8_t second_low, second_high;
    uint8_t bits;
};

Lead lead_of(uint8_t b) {
    if (b < 0x80) return {1, 0, 0, b};
    if (b >= 0xC2 && b <= 0xDF) return {2, 0x80, 0xBF, uint8_t(b & 0x1F)};
    if (b >= 0xE0 && b <= 0xEF)
        return {3, uint8_t(b == 0xE0 ? 0xA0 : 0x80), uint8_t(b == 0xED ? 0x9F : 0xBF), uint8_t(b & 0x0F)};
    if (b >= 0xF0 && b <= 0xF4)
        return {4, uint8_t(b == 0xF0 ? 0x90 : 0x80), uint8_t(b == 0xF4 ? 0x8F : 0xBF), uint8_t(b & 0x07)};
    return {0, 0, 0, 0};
}

/// How far the sequence at `at` goes right: bytes that fit, and the code so far.
struct Scan {
    uint8_t wanted, fitting;
    char32_t code;
};

Scan scan(std::string_view text, size_t at) {
    const Lead lead = lead_of(static_cast<uint8_t>(text[at]));
    if (lead.length == 0) return {0, 1, kReplacementCharacter};
    char32_t code = lead.bits;
    uint8_t fitting = 1;
    while (fitting < lead.length && at + fitting < text.size()) {
        const auto b = static_cast<uint8_t>(text[at + fitting]);
        const uint8_t low = fitting == 1 ? lead.second_low : 0x80;
        const uint8_t high = fitting == 1 ? lead.second_high : 0xBF;
        if (b < low || b > high) break;
        code = (code << 6) | (b & 0x3F);
        ++fitting;
    }
    return {lead.length, fitting, code};
}

} // namespace

Utf8Char decode_utf8(std::string_view text, size_t at) {
    const Scan s = scan(text, at);
    if (s.fitting == s.wanted) return {s.code, s.fitting, true};
    return {kReplacementCharacter, s.fitting, false};
}

void append_utf8(std::string& to, char32_t code) {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = kReplacementCharacter;
    if (code < 0x80) {
        to += static_cast<char>(code);
    } else if (code < 0x800) {
        to += static_cast<char>(0xC0 | (code >> 6));
        to += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        to += static_cast<char>(0xE0 | (code >> 12));
        to += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        to += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        to += static_cast<char>(0xF0 | (code >> 18));
        to += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        to += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        to += static_cast<char>(0x80 | (code & 0x3F));
    }
}

bool is_valid_utf8(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        if (!c.valid) return false;
        at += c.size;
    }
    return true;
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        if (c.valid) out.append(text.substr(at, c.size));
        else append_utf8(out, kReplacementCharacter);
        at += c.size;
    }
    return out;
}

size_t complete_utf8_prefix(std::string_view text) {
    for (size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        const size_t at = text.size() - back;
        if ((static_cast<uint8_t>(text[at]) & 0xC0) == 0x80) continue; // a continuation: look further back
        const Scan s = scan(text, at);
        return s.wanted > s.fitting && s.fitting == back ? at : text.size();
    }
    return text.size();
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/jinja/marked_string.h"

#include "engine/base/utf8.h"
#include "engine/tokenizer/unicode.h"

namespace lectern::jinja {
namespace {

bool is_space(char32_t c) { return is_white_space(c) || (c >= 0x1C && c <= 0x1F); }

bool contains_char(std::string_view set, char32_t wanted) {
    for (size_t at = 0; at < set.size();) {
        const Utf8Char c = decode_utf8(set, at);
        if (c.code == wanted) return true;
        at += c.size;
    }
    return false;
}

} // namespace

std::vector<size_t> MarkedString::character_starts() const {
    std::vector<size_t> starts;
    for (size_t at = 0; at < text_.size(); at += decode_utf8(text_, at).size) starts.push_back(at);
    starts.push_back(text_.size());
    return starts;
}

MarkedString MarkedString::stripped(bool left, bool right, const std::string* set) const {
    const auto goes = [&](size_t at) {
        const char32_t c = decode_utf8(text_, at).code;
        return set ? contains_char(*set, c) : is_space(c);
    };
    size_t start = 0, end = text_.size();
    while (left && start < end && goes(start)) start += decode_utf8(text_, start).size;
    while (right && end > start) {
        size_t last = end - 1;
        while (last > start && (static_cast<unsigned char>(text_[last]) & 0xC0) == 0x80) --last;
        if (!goes(last)) break;
        end = last;
    }
    return substr(start, end - start);
}

MarkedString MarkedString::replaced(std::string_view old_text, const MarkedString& new_text, long limit) const {
    MarkedString out;
    size_t at = 0;
    if (old_text.empty()) { // between all characters and at both ends
        for (size_t start : character_starts()) {
            if (start > at) out.append(substr(at, start - at));
            if (limit-- != 0) out.append(new_text);
            else ++limit;
            at = start;
        }
        return out;
    }
    for (size_t found; limit != 0 && (found = text_.find(old_text, at)) != text_.npos; --limit) {
        out.append(substr(at, found - at));
        out.append(new_text);
        at = found + old_text.size();
    }
    out.append(substr(at));
    return out;
}

std::vector<MarkedString> MarkedString::split(std::string_view separator, long limit) const {
    std::vector<MarkedString> parts;
    size_t at = 0;
    for (size_t found; limit != 0 && (found = text_.find(separator, at)) != text_.npos; --limit) {
        parts.push_back(substr(at, found - at));
        at = found + separator.size();
    }
    parts.push_back(substr(at));
    return parts;
}

std::vector<MarkedString> MarkedString::split_at_white_space(long limit) const {
    std::vector<MarkedString> parts;
    const auto skip = [&](size_t at, bool spaces) {
        while (at < text_.size() && is_space(decode_utf8(text_, at).code) == spaces) at += decode_utf8(text_, at).size;
        return at;
    };
    for (size_t at = skip(0, true); at < text_.size();) {
        if (limit-- == 0) {
            parts.push_back(substr(at));
            break;
        }
        const size_t end = skip(at, false);
        parts.push_back(substr(at, end - at));
        at = skip(end, true);
    }
    return parts;
}

std::vector<MarkedString> MarkedString::lines() const {
    std::vector<MarkedString> parts;
    size_t start = 0;
    for (size_t at = 0; at < text_.size(); ++at) {
        if (text_[at] != '\n' && text_[at] != '\r') continue;
        parts.push_back(substr(start, at - start));
        if (text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n') ++at;
        start = at + 1;
    }
    if (start < text_.size()) parts.push_back(substr(start));
    return parts;
}

MarkedString MarkedString::with_case(Case wanted) const {
    MarkedString out;
    bool word_starts = true;
    std::string mapped;
    for (size_t at = 0; at < text_.size();) {
        const Utf8Char c = decode_utf8(text_, at);
        const bool by_word = wanted == Case::Title || wanted == Case::Words;
        const bool upper = wanted == Case::Upper || (by_word && word_starts) || (wanted == Case::Capitalize && at == 0);
        mapped.clear();
        if (c.valid) append_utf8(mapped, upper ? to_upper(c.code) : to_lower(c.code));
        else mapped = text_.substr(at, c.size);
        out.append(mapped, trusted_at(at));
        const bool letter = to_upper(c.code) != to_lower(c.code);
        word_starts = wanted == Case::Title ? !letter : is_space(c.code) || (c.code < 128 && std::string_view("-({[<").find(char(c.code)) != std::string_view::npos);
        at += c.size;
    }
    return out;
}

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/word_piece.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/tokenizer/unicode.h"

namespace lectern {
namespace {

constexpr std::string_view kWordStart = "▁"; // U+2581 marks a token that begins a word
constexpr size_t kLongestWord = 100;         // characters; a longer word is unknown as a whole

bool is_ideograph(char32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) ||
           (c >= 0x2B920 && c <= 0x2CEAF) || // sic: the reference writes 2B920 for 2B820
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

bool stands_alone(char32_t c) {
    const bool ascii = (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    return ascii || is_punctuation(c);
}

} // namespace

WordPieceTokenizer::WordPieceTokenizer(std::shared_ptr<const Vocabulary> vocabulary, const Metadata& metadata)
    : Tokenizer(std::move(vocabulary)),
      lowercase_(metadata.boolean("tokenizer.ggml.normalizer.lowercase").value_or(true)),
      strip_accents_(metadata.boolean("tokenizer.ggml.normalizer.strip_accents").value_or(lowercase_)) {
    for (const std::string& text : vocabulary_->texts) longest_ = std::max(longest_, text.size());
}

std::u32string WordPieceTokenizer::normalize(std::string_view text) const {
    std::u32string out;
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += c.size;
        const bool plain_space = c.code == U'\t' || c.code == U'\n' || c.code == U'\r';
        if (!plain_space && (c.code == kReplacementCharacter || is_other(c.code))) continue; // also U+000B and U+0085
        if (plain_space || is_white_space(c.code)) out += U' ';
        else if (is_ideograph(c.code)) ((out += U' ') += c.code) += U' ';
        else out += c.code;
    }
    if (strip_accents_) {
        out = to_nfd(out);
        std::erase_if(out, is_nonspacing_mark);
    }
    if (!lowercase_) return out;
    std::u32string lower;
    for (char32_t c : out)
        if (c == 0x130) lower += U"i\u0307"; // the one character whose lower case is two
        else lower += to_lower(c);
    return lower;
}

void WordPieceTokenizer::encode_word(std::u32string_view word, std::vector<TokenId>& ids) const {
    const size_t before = ids.size();
    std::string text(kWordStart);
    for (char32_t c : word) append_utf8(text, c);
    bool known = word.size() <= kLongestWord;
    for (size_t at = 0; known && at < text.size();) {
        size_t end = std::min(text.size(), at + longest_);
        TokenId id = -1;
        for (; end > at; --end) {
            id = vocabulary_->find_plain(std::string_view(text).substr(at, end - at));
            // The mark alone is a token of its own in some vocabularies; it is no piece of a word.
            if (id >= 0 && !(at == 0 && end == kWordStart.size())) break;
        }
        known = end > at;
        if (known) ids.push_back(id);
        at = end;
    }
    if (known) return;
    ids.resize(before);
    if (vocabulary_->unknown >= 0) ids.push_back(vocabulary_->unknown);
}

void WordPieceTokenizer::encode_fragment(std::string_view text, bool, std::vector<TokenId>& ids) const {
    const std::u32string clean = normalize(text);
    const std::u32string_view view = clean;
    for (size_t at = 0; at < view.size();) {
        size_t end = at + 1;
        if (view[at] == U' ') {
            at = end;
            continue;
        }
        if (!stands_alone(view[at]))
            while (end < view.size() && view[end] != U' ' && !stands_alone(view[end])) ++end;
        encode_word(view.substr(at, end - at), ids);
        at = end;
    }
}

std::string WordPieceTokenizer::bytes_of_normal(TokenId id) const {
    const std::string_view text = vocabulary_->texts[id];
    if (!text.starts_with(kWordStart)) return std::string(text);
    return " " + std::string(text.substr(kWordStart.size()));
}

} // namespace lectern

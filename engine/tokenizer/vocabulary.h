// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A vocabulary as loaded: texts, kinds, the special ids, and the two ways to find a token by its text. Immutable.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/tokenizer/special_matcher.h"
#include "engine/tokenizer/tokenizer.h"

namespace lectern {

enum class VocabularyModel { None, Bpe, Spm, WordPiece };

struct Vocabulary {
    VocabularyModel model = VocabularyModel::None;
    std::vector<std::string> texts;
    std::vector<TokenKind> kinds; ///< as many as texts
    std::vector<float> scores;    ///< SPM: as many as texts; else empty

    /// All tokens. Views into `texts`.
    std::unordered_map<std::string_view, TokenId> by_text;
    /// What running text may become: neither control, unknown, unused nor byte tokens, so that no tokenizer can make a
    /// control id out of data, whatever the data spells.
    std::unordered_map<std::string_view, TokenId> plain;
    SpecialMatcher specials;

    TokenId bos = -1, eos = -1, unknown = -1, cls = -1, sep = -1;
    bool add_bos = false, add_eos = false, add_sep = false, add_space_prefix = false;
    bool prefix_at_start_only = false; ///< the space prefix stands at the start of a text, not after control tokens
    bool prefix_unless_space = false;  ///< and not before a text that begins with a space
    std::unordered_set<TokenId> ends; ///< ids that end a generation

    bool contains(TokenId id) const { return id >= 0 && static_cast<size_t>(id) < texts.size(); }
    TokenId find_plain(std::string_view text) const {
        const auto found = plain.find(text);
        return found == plain.end() ? -1 : found->second;
    }
    TokenId find(std::string_view text) const {
        const auto found = by_text.find(text);
        return found == by_text.end() ? -1 : found->second;
    }
};

/// Reads tokenizer.ggml.*; `bpe_adds_bos` is the default of the pre-tokenizer.
/// Errors: Damaged (lengths, kinds), Unsupported (the model), TooLarge.
Result<std::shared_ptr<Vocabulary>> load_vocabulary(const Metadata& metadata, bool bpe_adds_bos);

} // namespace lectern

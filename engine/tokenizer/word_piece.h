// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// WordPiece ("bert"): text brought to plain lower-case words, each word cut greedily into the longest known pieces.
/// Source: Devlin et al. 2018, arXiv:1810.04805.
#pragma once

#include "engine/tokenizer/vocabulary.h"

namespace lectern {

class WordPieceTokenizer final : public Tokenizer {
public:
    WordPieceTokenizer(std::shared_ptr<const Vocabulary> vocabulary, const Metadata& metadata);

private:
    std::u32string normalize(std::string_view text) const;
    void encode_word(std::u32string_view word, std::vector<TokenId>& ids) const;
    void encode_fragment(std::string_view text, bool first, std::vector<TokenId>& ids) const override;
    std::string bytes_of_normal(TokenId id) const override;

    bool lowercase_, strip_accents_;
    size_t longest_ = 0; // bytes of the longest token
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// SentencePiece-style BPE ("llama"): characters, pairs merged by the score of what they make, bytes as last resort.
/// Source: Kudo & Richardson 2018, arXiv:1808.06226.
#pragma once

#include <array>

#include "engine/tokenizer/vocabulary.h"

namespace lectern {

class SpmTokenizer final : public Tokenizer {
public:
    explicit SpmTokenizer(std::shared_ptr<const Vocabulary> vocabulary);

private:
    class Text;
    void encode_fragment(std::string_view text, bool first, std::vector<TokenId>& ids) const override;
    std::string bytes_of_normal(TokenId id) const override;

    std::array<TokenId, 256> byte_ids_; // <0xXX>, else the byte as a token of its own, else unknown
    size_t longest_ = 0;                // bytes of the longest token
};

} // namespace lectern

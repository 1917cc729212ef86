// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Byte-level BPE ("gpt2"): words by regular expressions, bytes as letters, pairs merged by rank.
#pragma once

#include <array>

#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/vocabulary.h"

namespace lectern {

class BpeTokenizer final : public Tokenizer {
public:
    /// Errors: Damaged (no merges).
    static Result<std::shared_ptr<const Tokenizer>> create(std::shared_ptr<const Vocabulary> vocabulary,
                                                           const PreTokenizerRule& rule, const Metadata& metadata);

private:
    struct Merge {
        int32_t rank;
        TokenId result;
    };
    class Word;

    BpeTokenizer(std::shared_ptr<const Vocabulary> vocabulary, PreTokenizer pre_tokenizer, bool ignore_merges, bool nfc);
    void add_merges(const std::vector<std::string>& merges);
    const Merge* find_merge(TokenId left, TokenId right) const;
    void encode_fragment(std::string_view text, bool first, std::vector<TokenId>& ids) const override;
    std::string bytes_of_normal(TokenId id) const override;

    PreTokenizer pre_tokenizer_;
    bool ignore_merges_;
    bool nfc_; // text is brought to Unicode's composed form first
    std::array<TokenId, 256> byte_ids_;
    std::unordered_map<uint64_t, Merge> merges_; // by (left, right)
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Cuts text into the words that byte-level BPE never merges across, by one or more regular expressions. Which ones is
/// said by tokenizer.ggml.pre; the table is in pre_tokenizer.cpp, its meaning in docs/formats.md.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace lectern {

/// What a value of tokenizer.ggml.pre stands for.
struct PreTokenizerRule {
    std::vector<std::string_view> passes; ///< regular expressions as published in tokenizer.json
    bool ignore_merges = false;           ///< a word that is a token as a whole is that token
    bool add_bos = false;                 ///< default where the metadata does not say
};

/// nullptr for an unknown name.
const PreTokenizerRule* find_pre_tokenizer_rule(std::string_view pre);
/// The name of the rule with these passes and this treatment of merges; empty if there is none.
std::string_view pre_tokenizer_name(std::span<const std::string> passes, bool ignore_merges);

class PreTokenizer {
public:
    /// Errors: Internal (an expression that PCRE2 refuses: none of the table's).
    static Result<PreTokenizer> create(const PreTokenizerRule& rule);
    /// The pieces of `text` in order, without gaps; views into it. Wrong UTF-8 becomes pieces of its own. Linear time.
    std::vector<std::string_view> split(std::string_view text) const;

private:
    struct Pass;
    explicit PreTokenizer(std::vector<std::shared_ptr<const Pass>> passes) : passes_(std::move(passes)) {}
    std::vector<std::shared_ptr<const Pass>> passes_; // shared: compiled expressions are immutable
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// From what a user typed to what the word index is asked: never the index's own syntax, so no input is an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retrieval/store/sqlite.h"

namespace lectern {

/// The most words that are searched for; the rarest are kept. Measured on COVID-QA: recall@10 .809 with 8 as with all,
/// .795 with 6.
constexpr size_t kMaxTerms = 8;

struct LexicalQuery {
    std::vector<std::string> phrases; ///< must all occur: words joined by spaces, quoted by the user
    std::vector<std::string> words;   ///< any may occur
    bool empty() const { return phrases.empty() && words.empty(); }
    /// As an FTS5 expression, built from quoted words alone.
    std::string expression() const;
};

/// Whether a part of the text stands in quotes, "like this" or “this”, and so must occur as it stands.
bool has_quoted_phrase(std::string_view text);

/// Cuts the text with the index's own tokenizer, drops stop words (unless nothing else is left) and keeps the rarest
/// words. Looks at the first 64 KiB. Throws StoreFailure.
LexicalQuery parse_query(Connection& connection, std::string_view text);

} // namespace lectern

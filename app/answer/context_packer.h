// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Decides what the model gets to see: which passages, in which order, within which budget of its own tokens.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "app/answer/answer_events.h"
#include "app/answer/citation_checker.h"
#include "app/answer/prompt_builder.h"
#include "app/library_session.h"

namespace lectern {

struct PackedContext {
    PromptMode mode = PromptMode::Passages;
    std::vector<OfferedPassage> passages; ///< in the order of the prompt
    std::vector<int> first_pages;         ///< of each passage
    std::vector<LeftOut> left_out;
    std::optional<int> as_of_page;
    std::string note;
};

/// What search finds best, as many as the layout wants and `budget` tokens hold; strongest document last, pages in order.
/// Errors: NotFound (an empty library), Cancelled.
Result<PackedContext> pack_passages(LibrarySession& library, const PromptBuilder& prompts, const std::string& question,
                                    const std::vector<DocumentId>& scope, int64_t budget, std::stop_token stop);

/// The chunks of one document from its beginning, as many as `budget` tokens hold; the rest is left out and said.
/// Errors: NotFound, Cancelled.
Result<PackedContext> pack_document(LibrarySession& library, const PromptBuilder& prompts, DocumentId document, int64_t budget,
                                    std::stop_token stop);

} // namespace lectern

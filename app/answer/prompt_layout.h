// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// How a model wants to be asked: data beside its weights, not code. docs/prompt_layout.md is the format.
#pragma once

#include <filesystem>
#include <string>

#include "engine/base/error.h"

namespace lectern {

struct PromptLayout {
    std::string system;             ///< text of the system message; empty: none is sent
    std::string passages_template;  ///< Jinja: the user message from `question` and `passages` (each with n and text)
    std::string document_template;  ///< Jinja: the user message from `passages`, `seam` and `question`
    int passages = 5;               ///< how many passages a question gets
    int64_t passages_tokens = 6000; ///< and how many tokens they may have together
    bool writes_marks = false;      ///< it was trained to write [n]
    std::string not_found;          ///< what it says where the passages do not tell; empty: nothing fixed
    int max_answer_tokens = 400;

    /// From `card.json` beside the weights; what is missing there comes from resources/prompts/grounded.json.
    /// Errors: Damaged, NotFound (resources without prompts).
    static Result<PromptLayout> load(const std::filesystem::path& model, const std::filesystem::path& resources);
};

} // namespace lectern

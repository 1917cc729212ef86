// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// From a question and passages to token ids: the layout's template makes the user's message, the model's chat template
/// makes the prompt, and the tokenizer reads control tokens only where the templates themselves wrote them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/answer/prompt_layout.h"
#include "engine/base/error.h"
#include "engine/tokenizer/chat_template.h"
#include "engine/tokenizer/tokenizer.h"

namespace lectern {

struct PromptPassage {
    int mark = 0;
    std::string text; ///< line breaks become blanks
};

struct Prompt {
    std::vector<TokenId> head; ///< document mode: up to the end of the document, a seam; else empty
    std::vector<TokenId> tail; ///< what follows
    int64_t size() const { return int64_t(head.size() + tail.size()); }
};

enum class PromptMode { Passages, Document };

class PromptBuilder {
public:
    /// `chat_template`: the checkpoint's Jinja source; empty: the message is the prompt.
    /// Errors: Damaged (a template does not parse).
    static Result<PromptBuilder> create(PromptLayout layout, std::string_view chat_template,
                                        std::shared_ptr<const Tokenizer> tokenizer);

    Result<Prompt> build(PromptMode mode, std::string_view question, std::span<const PromptPassage> passages) const;
    /// Tokens of a passage as the template would lay it out, about: for deciding how many fit.
    int64_t passage_tokens(const PromptPassage& passage) const;
    const PromptLayout& layout() const { return layout_; }

private:
    PromptBuilder(PromptLayout layout, std::shared_ptr<const Tokenizer> tokenizer, ChatTemplate passages,
                  ChatTemplate document, ChatTemplate chat)
        : layout_(std::move(layout)), tokenizer_(std::move(tokenizer)), passages_(std::move(passages)),
          document_(std::move(document)), chat_(std::move(chat)) {}
    PromptLayout layout_;
    std::shared_ptr<const Tokenizer> tokenizer_;
    ChatTemplate passages_, document_, chat_;
};

} // namespace lectern

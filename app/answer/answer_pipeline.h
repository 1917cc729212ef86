// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A question becomes an answer: search or the whole document, prompt, text, checked citations; one stream of events.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/answer/answer_events.h"
#include "app/engine_client.h"
#include "app/library_session.h"

namespace lectern {

struct Question {
    std::string text;
    std::vector<DocumentId> scope; ///< empty: the whole library
    bool whole = false;            ///< document mode: the one document of the scope is read from its beginning
    std::optional<ChatId> chat;    ///< go on with this talk
    SamplerOptions sampling;       ///< max_tokens 0: the layout's
};

class AnswerPipeline {
public:
    AnswerPipeline(LibrarySession& library, EngineClient& engine) : library_(library), engine_(engine) {}

    /// Events come on this thread and on the engine's, one at a time: start first, done last. A failure is returned, after
    /// whatever events came before it. Errors: NotFound (nothing to ask about, no such document or chat), Cancelled, and
    /// those of Model::open, search and generation.
    Result<void> run(const Question& question, const AnswerSink& sink, std::stop_token stop);

private:
    LibrarySession& library_;
    EngineClient& engine_;
};

} // namespace lectern

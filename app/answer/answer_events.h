// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What an answer consists of while it is made: one stream of events, of which the window, the command line and later the
/// server are three faces. The JSON that each becomes is in CONTRACTS section 7 (docs/contracts.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "ingest/document/document.h"

namespace lectern {

struct LeftOut {
    int64_t document = 0;
    int first_page = 0, last_page = 0;
    std::string reason;
};

struct StartEvent {
    int64_t chat = 0, turn = 0;
    std::string model;
    std::string mode; ///< "document" or "passages"
    int64_t restored_tokens = 0;
    bool same_arithmetic = true;
    std::optional<int> as_of_page; ///< the document is still arriving: what was there up to this page
    std::vector<LeftOut> left_out;
    std::string note; ///< a sentence worth showing; empty if there is none
};

struct ProgressEvent {
    std::string stage; ///< "searching", "reading", "writing"
    int64_t done = 0, total = 0;
};

struct TokenEvent {
    std::string text;
};

/// A place that a sentence of the answer stands on. The text carries [id] where its chip belongs.
struct CitationEvent {
    int id = 0;   ///< the citation's number within the talk
    int mark = 0; ///< what the model wrote; 0 where the checker found the place by itself
    int64_t document = 0;
    std::string name;
    int page = 0;
    std::string page_label;
    std::string quote; ///< the page's text, byte for byte
    std::vector<PageBox> boxes;
};

enum class Verdict { Verified, Partly, Gist, Contradicted, Unsupported };
std::string_view to_string(Verdict verdict);

struct CheckEvent {
    size_t start = 0, end = 0; ///< bytes of the answer's text
    Verdict verdict = Verdict::Gist;
    std::vector<int> citations;
};

struct UsageEvent {
    int64_t prompt_tokens = 0, read_tokens = 0, output_tokens = 0;
    double first_token_ms = 0, tokens_per_s = 0;
};

struct DoneEvent {
    std::string text; ///< the whole answer, as the token events gave it
};

using AnswerEvent =
    std::variant<StartEvent, ProgressEvent, TokenEvent, CitationEvent, CheckEvent, UsageEvent, DoneEvent>;
using AnswerSink = std::function<void(const AnswerEvent&)>;

} // namespace lectern

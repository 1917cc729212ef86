// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Chat templates: an interpreter for the Jinja subset that published checkpoints use. Every byte of its output knows
/// whether it is trusted (the template's own text, roles, bos and eos, flags set by the program) or data (messages,
/// passages, names), so that text from outside can never become a control token.
///
/// No I/O, no access to host objects; steps, depth and output are limited.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace lectern {

struct MarkedText {
    struct Segment {
        size_t start = 0; ///< bytes of `text`
        size_t end = 0;
        bool trusted = false;
    };
    std::string text;
    std::vector<Segment> segments; ///< in order, without gaps, neighbours differ in `trusted`

    std::vector<TextSegment> views() const; ///< for Tokenizer::encode; valid as long as this object
};

class ChatTemplate {
public:
    /// Errors: Damaged (syntax, with line), TooLarge (over 1 MiB).
    static Result<ChatTemplate> parse(std::string_view source);

    /// `trusted`: variables set by the program from closed sets (bos_token, add_generation_prompt, date_string, …).
    /// `data`: variables whose strings are from outside (messages, documents, passages, question, …), except that a
    /// message's "role" is trusted if it is one of system, user, assistant, tool.
    /// Both are objects; their order is kept where a template writes JSON (a plain nlohmann::json converts, sorted).
    /// A name in both is data. `now` in `trusted` (seconds since 1970) is the date that strftime_now() writes; without
    /// it that is today's.
    /// Errors: Damaged (the template raised: its own words, without text from outside; or it does what cannot be done:
    /// with line), TooLarge (a limit was reached).
    Result<MarkedText> render(const nlohmann::ordered_json& trusted, const nlohmann::ordered_json& data) const;

private:
    struct Program;
    explicit ChatTemplate(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
    std::shared_ptr<const Program> program_;
};

} // namespace lectern

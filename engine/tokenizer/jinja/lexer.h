// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Cuts a template into text and the tokens of its tags, with whitespace control done: trim_blocks and lstrip_blocks are
/// on, one newline at the end of the source is dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lectern::jinja {

enum class TokenKind {
    Text,          ///< between tags
    OutputBegin,   ///< {{
    OutputEnd,     ///< }}
    StatementBegin, ///< {%
    StatementEnd,  ///< %}
    Name,
    String, ///< escapes resolved
    Integer,
    Float,
    Operator,
    End,
};

struct Token {
    TokenKind kind;
    std::string text;
    int line = 0;
};

/// Failure: a tag or a string without end, a character that belongs to no token.
std::vector<Token> tokenize(std::string_view source);

} // namespace lectern::jinja

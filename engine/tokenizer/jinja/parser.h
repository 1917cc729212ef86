// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Template source to a tree.
#pragma once

#include <string_view>

#include "engine/tokenizer/jinja/ast.h"
#include "engine/tokenizer/jinja/lexer.h"

namespace lectern::jinja {

/// Failure: Damaged with the line, TooLarge (nested too deeply).
Block parse(std::string_view source);

/// Expressions of Jinja's grammar, by recursive descent. Statements are in statement_parser.cpp.
class ExpressionParser {
public:
    explicit ExpressionParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    ExprPtr expression(bool with_condition = true);
    /// One expression, or several with commas between: a tuple.
    ExprPtr tuple(bool with_condition = true);
    /// `|` name, `is` name and calls behind `inner`.
    ExprPtr filters(ExprPtr inner);
    /// name(…) | name(…) …: filters of a filter block, whose first has no bar before it.
    ExprPtr named_filter(ExprPtr inner);

    const Token& peek(size_t ahead = 0) const;
    Token next();
    bool at_operator(std::string_view text) const;
    bool at_name(std::string_view text) const;
    bool take_operator(std::string_view text);
    bool take_name(std::string_view text);
    void expect_operator(std::string_view text);
    void expect(TokenKind kind, std::string_view what);
    std::string name();
    [[noreturn]] void fail(std::string_view what) const;
    /// Counts nesting while it lives.
    class Nested;

private:
    ExprPtr make(ExprKind kind, std::vector<ExprPtr> args = {}, std::string name = {}) const;
    static void set_depth(Expr& expr, int line);
    ExprPtr condition();
    ExprPtr alternative();
    ExprPtr conjunction();
    ExprPtr negation();
    ExprPtr comparison();
    ExprPtr sum();
    ExprPtr concatenation();
    ExprPtr product();
    ExprPtr power();
    ExprPtr unary(bool with_filters);
    ExprPtr primary();
    ExprPtr postfix(ExprPtr inner);
    ExprPtr subscript(ExprPtr inner);
    ExprPtr call(ExprPtr callee);
    ExprPtr test(ExprPtr inner);
    ExprPtr parentheses();
    ExprPtr list_literal();
    ExprPtr dict_literal();
    void arguments(Expr& into);

    std::vector<Token> tokens_;
    size_t at_ = 0;
    int nesting_ = 0;
};

class ExpressionParser::Nested {
public:
    explicit Nested(ExpressionParser& parser);
    ~Nested() { --parser_.nesting_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

private:
    ExpressionParser& parser_;
};

} // namespace lectern::jinja

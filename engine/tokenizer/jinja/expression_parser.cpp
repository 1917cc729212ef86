// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <charconv>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/parser.h"

namespace lectern::jinja {
namespace {

constexpr int kNesting = 64; // brackets and blocks
constexpr int kDepth = 256;  // of the tree: also long chains of operators

template <class... Parts>
std::vector<ExprPtr> parts(Parts... several) {
    std::vector<ExprPtr> all;
    (all.push_back(std::move(several)), ...);
    return all;
}

} // namespace

ExpressionParser::Nested::Nested(ExpressionParser& parser) : parser_(parser) {
    if (++parser_.nesting_ > kNesting) throw Failure{ErrorKind::TooLarge, fmt::format("line {}: nested too deeply", parser_.peek().line)};
}

void ExpressionParser::fail(std::string_view what) const {
    throw Failure{ErrorKind::Damaged, fmt::format("line {}: {}", peek().line, what)};
}

const Token& ExpressionParser::peek(size_t ahead) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
Token ExpressionParser::next() {
    const Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}
bool ExpressionParser::at_operator(std::string_view text) const {
    return peek().kind == TokenKind::Operator && peek().text == text;
}
bool ExpressionParser::at_name(std::string_view text) const { return peek().kind == TokenKind::Name && peek().text == text; }
bool ExpressionParser::take_operator(std::string_view text) {
    if (!at_operator(text)) return false;
    next();
    return true;
}
bool ExpressionParser::take_name(std::string_view text) {
    if (!at_name(text)) return false;
    next();
    return true;
}
void ExpressionParser::expect_operator(std::string_view text) {
    if (!take_operator(text)) fail(fmt::format("'{}' is missing", text));
}
void ExpressionParser::expect(TokenKind kind, std::string_view what) {
    if (peek().kind != kind) fail(fmt::format("{} is missing", what));
    next();
}
std::string ExpressionParser::name() {
    if (peek().kind != TokenKind::Name) fail("a name is missing");
    return next().text;
}

void ExpressionParser::set_depth(Expr& expr, int line) {
    for (const ExprPtr& part : expr.args)
        if (part) expr.depth = std::max(expr.depth, part->depth + 1);
    for (const auto& [name, part] : expr.named) expr.depth = std::max(expr.depth, part->depth + 1);
    if (expr.depth > kDepth) throw Failure{ErrorKind::TooLarge, fmt::format("line {}: an expression is too long", line)};
}

ExprPtr ExpressionParser::make(ExprKind kind, std::vector<ExprPtr> args, std::string name) const {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->line = peek().line;
    expr->args = std::move(args);
    expr->name = std::move(name);
    set_depth(*expr, expr->line);
    return expr;
}

ExprPtr ExpressionParser::tuple(bool with_condition) {
    std::vector<ExprPtr> items = parts(expression(with_condition));
    if (!at_operator(",")) return std::move(items[0]);
    while (take_operator(",")) {
        const TokenKind kind = peek().kind;
        if (kind == TokenKind::OutputEnd || kind == TokenKind::StatementEnd || at_operator(")") || at_operator("=")) break;
        items.push_back(expression(with_condition));
    }
    return make(ExprKind::Tuple, std::move(items));
}

ExprPtr ExpressionParser::expression(bool with_condition) {
    const Nested nested(*this);
    return with_condition ? condition() : alternative();
}

ExprPtr ExpressionParser::condition() {
    ExprPtr value = alternative();
    while (take_name("if")) {
        ExprPtr test = alternative(), otherwise;
        if (take_name("else")) otherwise = expression();
        value = make(ExprKind::If, parts(std::move(value), std::move(test), std::move(otherwise)));
    }
    return value;
}

ExprPtr ExpressionParser::alternative() {
    ExprPtr left = conjunction();
    while (take_name("or")) {
        ExprPtr right = conjunction();
        left = make(ExprKind::Or, parts(std::move(left), std::move(right)));
    }
    return left;
}

ExprPtr ExpressionParser::conjunction() {
    ExprPtr left = negation();
    while (take_name("and")) {
        ExprPtr right = negation();
        left = make(ExprKind::And, parts(std::move(left), std::move(right)));
    }
    return left;
}

ExprPtr ExpressionParser::negation() {
    if (!take_name("not")) return comparison();
    const Nested nested(*this);
    return make(ExprKind::Not, parts(negation()));
}

ExprPtr ExpressionParser::comparison() {
    ExprPtr first = sum();
    std::vector<std::string> operators;
    std::vector<ExprPtr> operands = parts(std::move(first));
    while (true) {
        std::string op;
        for (const char* known : {"==", "!=", "<=", ">=", "<", ">"})
            if (at_operator(known)) op = known;
        if (!op.empty()) next();
        else if (take_name("in")) op = "in";
        else if (at_name("not") && peek(1).kind == TokenKind::Name && peek(1).text == "in") {
            next();
            next();
            op = "not in";
        } else break;
        operators.push_back(op);
        operands.push_back(sum());
    }
    if (operators.empty()) return std::move(operands[0]);
    ExprPtr made = make(ExprKind::Compare, std::move(operands));
    made->operators = std::move(operators);
    return made;
}

ExprPtr ExpressionParser::sum() {
    ExprPtr left = concatenation();
    while (at_operator("+") || at_operator("-")) {
        const std::string op = next().text;
        ExprPtr right = concatenation();
        left = make(ExprKind::Binary, parts(std::move(left), std::move(right)), op);
    }
    return left;
}

ExprPtr ExpressionParser::concatenation() {
    ExprPtr left = product();
    while (take_operator("~")) {
        ExprPtr right = product();
        left = make(ExprKind::Binary, parts(std::move(left), std::move(right)), "~");
    }
    return left;
}

ExprPtr ExpressionParser::product() {
    ExprPtr left = power();
    while (at_operator("*") || at_operator("/") || at_operator("//") || at_operator("%")) {
        const std::string op = next().text;
        ExprPtr right = power();
        left = make(ExprKind::Binary, parts(std::move(left), std::move(right)), op);
    }
    return left;
}

ExprPtr ExpressionParser::power() {
    ExprPtr left = unary(true);
    while (take_operator("**")) {
        ExprPtr right = unary(true);
        left = make(ExprKind::Binary, parts(std::move(left), std::move(right)), "**");
    }
    return left;
}

ExprPtr ExpressionParser::unary(bool with_filters) {
    ExprPtr inner;
    if (at_operator("-") || at_operator("+")) {
        const Nested nested(*this);
        const ExprKind kind = next().text == "-" ? ExprKind::Negate : ExprKind::Plus;
        inner = make(kind, parts(unary(false)));
    } else {
        inner = primary();
    }
    inner = postfix(std::move(inner));
    return with_filters ? filters(std::move(inner)) : std::move(inner);
}

ExprPtr ExpressionParser::primary() {
    const Token& token = peek();
    if (token.kind == TokenKind::Operator) {
        if (token.text == "(") return parentheses();
        if (token.text == "[") return list_literal();
        if (token.text == "{") return dict_literal();
        fail(fmt::format("'{}' does not begin an expression", token.text));
    }
    ExprPtr made = make(ExprKind::Constant);
    if (token.kind == TokenKind::String) {
        std::string text;
        while (peek().kind == TokenKind::String) text += next().text;
        made->constant = Value::string({text, true});
    } else if (token.kind == TokenKind::Integer) {
        int64_t value = 0;
        const auto parsed = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
        if (parsed.ec != std::errc()) fail("a number is too large");
        made->constant = Value::integer(value);
        next();
    } else if (token.kind == TokenKind::Float) {
        made->constant = Value::number(std::strtod(token.text.c_str(), nullptr));
        next();
    } else if (token.kind == TokenKind::Name) {
        const std::string text = next().text;
        if (text == "true" || text == "True") made->constant = Value::boolean(true);
        else if (text == "false" || text == "False") made->constant = Value::boolean(false);
        else if (text == "none" || text == "None") made->constant = Value::none();
        else {
            made->kind = ExprKind::Name;
            made->name = text;
        }
    } else fail("an expression is missing");
    return made;
}

ExprPtr ExpressionParser::parentheses() {
    const Nested nested(*this);
    expect_operator("(");
    if (take_operator(")")) return make(ExprKind::Tuple);
    ExprPtr inner = tuple();
    expect_operator(")");
    return inner;
}

ExprPtr ExpressionParser::list_literal() {
    const Nested nested(*this);
    expect_operator("[");
    std::vector<ExprPtr> items;
    while (!at_operator("]")) {
        items.push_back(expression());
        if (!take_operator(",")) break;
    }
    expect_operator("]");
    return make(ExprKind::List, std::move(items));
}

ExprPtr ExpressionParser::dict_literal() {
    const Nested nested(*this);
    expect_operator("{");
    std::vector<ExprPtr> items;
    while (!at_operator("}")) {
        items.push_back(expression());
        expect_operator(":");
        items.push_back(expression());
        if (!take_operator(",")) break;
    }
    expect_operator("}");
    return make(ExprKind::Dict, std::move(items));
}

ExprPtr ExpressionParser::postfix(ExprPtr inner) {
    while (true) {
        if (take_operator(".")) {
            std::string attribute = peek().kind == TokenKind::Integer ? next().text : name();
            inner = make(ExprKind::Attribute, parts(std::move(inner)), std::move(attribute));
        } else if (at_operator("[")) inner = subscript(std::move(inner));
        else if (at_operator("(")) inner = call(std::move(inner));
        else return inner;
    }
}

ExprPtr ExpressionParser::subscript(ExprPtr inner) {
    expect_operator("[");
    std::vector<ExprPtr> bounds; // of a slice, null where left out
    bool slice = false;
    ExprPtr current;
    while (!at_operator("]")) {
        if (take_operator(":")) {
            slice = true;
            bounds.push_back(std::move(current));
            continue;
        }
        if (current) fail("']' is missing");
        current = expression();
    }
    expect_operator("]");
    if (!slice) {
        if (!current) fail("an index is missing");
        return make(ExprKind::Index, parts(std::move(inner), std::move(current)));
    }
    bounds.push_back(std::move(current));
    if (bounds.size() > 3) fail("a slice has too many parts");
    bounds.resize(3);
    return make(ExprKind::Slice, parts(std::move(inner), std::move(bounds[0]), std::move(bounds[1]), std::move(bounds[2])));
}

void ExpressionParser::arguments(Expr& into) {
    expect_operator("(");
    while (!at_operator(")")) {
        if (peek().kind == TokenKind::Name && peek(1).kind == TokenKind::Operator && peek(1).text == "=") {
            std::string key = name();
            expect_operator("=");
            into.named.emplace_back(std::move(key), expression());
        } else into.args.push_back(expression());
        if (!take_operator(",")) break;
    }
    expect_operator(")");
    set_depth(into, into.line);
}

ExprPtr ExpressionParser::call(ExprPtr callee) {
    ExprPtr made = make(ExprKind::Call, parts(std::move(callee)));
    arguments(*made);
    return made;
}

ExprPtr ExpressionParser::filters(ExprPtr inner) {
    while (true) {
        if (take_operator("|")) {
            inner = make(ExprKind::Filter, parts(std::move(inner)), name());
            if (at_operator("(")) arguments(*inner);
        } else if (take_name("is")) inner = test(std::move(inner));
        else if (at_operator("(")) inner = call(std::move(inner));
        else return inner;
    }
}

ExprPtr ExpressionParser::named_filter(ExprPtr inner) {
    inner = make(ExprKind::Filter, parts(std::move(inner)), name());
    if (at_operator("(")) arguments(*inner);
    return filters(std::move(inner));
}

ExprPtr ExpressionParser::test(ExprPtr inner) {
    const bool negated = take_name("not");
    ExprPtr made = make(ExprKind::Test, parts(std::move(inner)), name());
    const Token& token = peek();
    const bool keyword = at_name("else") || at_name("or") || at_name("and") || at_name("is") || at_name("if") || at_name("in") || at_name("not");
    if (at_operator("(")) arguments(*made);
    else if ((token.kind == TokenKind::Name && !keyword) || token.kind == TokenKind::String || token.kind == TokenKind::Integer ||
             token.kind == TokenKind::Float || at_operator("[") || at_operator("{")) {
        made->args.push_back(postfix(primary()));
        set_depth(*made, made->line);
    }
    return negated ? make(ExprKind::Not, parts(std::move(made))) : std::move(made);
}

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/parser.h"

namespace lectern::jinja {
namespace {

using Names = std::initializer_list<std::string_view>;

class StatementParser {
public:
    explicit StatementParser(std::vector<Token> tokens) : in_(std::move(tokens)) {}

    Block whole() {
        Block block = statements({});
        if (in_.peek().kind != TokenKind::End) in_.fail(fmt::format("{{% {} %}} does not belong here", in_.peek(1).text));
        return block;
    }

private:
    std::unique_ptr<Stmt> make(StmtKind kind) const {
        auto made = std::make_unique<Stmt>();
        made->kind = kind;
        made->line = in_.peek().line;
        return made;
    }

    void end_tag() { in_.expect(TokenKind::StatementEnd, "'%}'"); }

    /// Statements up to a tag whose name is one of `ends`, which stays; a tag of another end name stays too.
    Block statements(Names ends) {
        const ExpressionParser::Nested nested(in_);
        Block block;
        while (true) {
            const Token& token = in_.peek();
            if (token.kind == TokenKind::End) {
                if (ends.size() > 0) in_.fail(fmt::format("{{% {} %}} is missing", *(ends.end() - 1)));
                return block;
            }
            if (token.kind == TokenKind::Text) {
                block.push_back(make(StmtKind::Text));
                block.back()->text = in_.next().text;
            } else if (token.kind == TokenKind::OutputBegin) {
                in_.next();
                block.push_back(make(StmtKind::Output));
                block.back()->expr = in_.tuple();
                in_.expect(TokenKind::OutputEnd, "'}}'");
            } else {
                const std::string& name = in_.peek(1).text;
                if (std::ranges::find(ends, name) != ends.end()) return block;
                if (name.starts_with("end") || name == "else" || name == "elif") {
                    if (ends.size() == 0) return block; // whole() complains
                    in_.fail(fmt::format("{{% {} %}} stands where {{% {} %}} is missing", name, *(ends.end() - 1)));
                }
                in_.next();
                statement(block);
            }
        }
    }

    /// Takes "{% name %}".
    void close(std::string_view name) {
        in_.expect(TokenKind::StatementBegin, "'{%'");
        if (!in_.take_name(name)) in_.fail(fmt::format("{{% {} %}} is missing", name));
        end_tag();
    }
    Block body(std::string_view end) {
        end_tag();
        Block block = statements({end});
        close(end);
        return block;
    }

    void statement(Block& block) {
        const std::string name = in_.name();
        if (name == "if") block.push_back(if_statement());
        else if (name == "for") block.push_back(for_statement());
        else if (name == "set") block.push_back(set_statement());
        else if (name == "macro") block.push_back(macro_statement());
        else if (name == "filter") block.push_back(filter_statement());
        else if (name == "with") block.push_back(with_statement());
        else if (name == "generation") {
            for (auto& inner : body("endgeneration")) block.push_back(std::move(inner)); // marks what was generated; prints through
        } else if (name == "break" || name == "continue") {
            if (loops_ == 0) in_.fail(fmt::format("{{% {} %}} outside a loop", name));
            block.push_back(make(name == "break" ? StmtKind::Break : StmtKind::Continue));
            end_tag();
        } else in_.fail(fmt::format("{{% {} %}} is not known", name));
    }

    std::unique_ptr<Stmt> if_statement() {
        auto made = make(StmtKind::If);
        ExprPtr condition = in_.tuple();
        while (true) {
            end_tag();
            made->branches.emplace_back(std::move(condition), statements({"elif", "else", "endif"}));
            in_.next(); // {%
            const std::string name = in_.name();
            if (name == "elif") condition = in_.tuple();
            else if (name == "else") {
                end_tag();
                made->branches.emplace_back(nullptr, statements({"endif"}));
                close("endif");
                return made;
            } else {
                end_tag();
                return made;
            }
        }
    }

    std::vector<Target> targets() {
        std::vector<Target> all;
        const bool parenthesis = in_.take_operator("(");
        do {
            Target target{in_.name(), {}};
            if (in_.take_operator(".")) target.attribute = in_.name();
            all.push_back(std::move(target));
        } while (in_.take_operator(","));
        if (parenthesis) in_.expect_operator(")");
        return all;
    }

    std::unique_ptr<Stmt> for_statement() {
        auto made = make(StmtKind::For);
        made->targets = targets();
        if (!in_.take_name("in")) in_.fail("'in' is missing");
        made->expr = in_.tuple(/*with_condition=*/false);
        if (in_.take_name("if")) made->condition = in_.expression();
        if (in_.at_name("recursive")) in_.fail("recursive loops are not supported");
        end_tag();
        ++loops_;
        made->body = statements({"else", "endfor"});
        --loops_;
        in_.next(); // {%
        if (in_.take_name("else")) {
            end_tag();
            made->otherwise = statements({"endfor"});
            close("endfor");
            return made;
        }
        in_.name();
        end_tag();
        return made;
    }

    ExprPtr block_filters() {
        auto inner = std::make_unique<Expr>();
        inner->kind = ExprKind::Body;
        inner->line = in_.peek().line;
        return in_.filters(std::move(inner));
    }

    std::unique_ptr<Stmt> set_statement() {
        auto made = make(StmtKind::Set);
        made->targets = targets();
        if (in_.take_operator("=")) {
            made->expr = in_.tuple();
            end_tag();
            return made;
        }
        made->kind = StmtKind::SetBlock;
        if (made->targets.size() != 1) in_.fail("'=' is missing");
        made->expr = block_filters();
        made->body = body("endset");
        return made;
    }

    std::unique_ptr<Stmt> filter_statement() {
        auto made = make(StmtKind::Filter);
        auto inner = std::make_unique<Expr>();
        inner->kind = ExprKind::Body;
        inner->line = in_.peek().line;
        made->expr = in_.named_filter(std::move(inner));
        made->body = body("endfilter");
        return made;
    }

    std::unique_ptr<Stmt> macro_statement() {
        auto made = make(StmtKind::Macro);
        made->macro = std::make_unique<Macro>();
        made->macro->name = in_.name();
        in_.expect_operator("(");
        while (!in_.at_operator(")")) {
            std::string parameter = in_.name();
            ExprPtr otherwise;
            if (in_.take_operator("=")) otherwise = in_.expression();
            made->macro->parameters.emplace_back(std::move(parameter), std::move(otherwise));
            if (!in_.take_operator(",")) break;
        }
        in_.expect_operator(")");
        const int loops = std::exchange(loops_, 0);
        made->macro->body = body("endmacro");
        loops_ = loops;
        return made;
    }

    std::unique_ptr<Stmt> with_statement() {
        auto made = make(StmtKind::With);
        while (in_.peek().kind != TokenKind::StatementEnd) {
            std::string name = in_.name();
            in_.expect_operator("=");
            made->assignments.emplace_back(std::move(name), in_.expression());
            if (!in_.take_operator(",")) break;
        }
        made->body = body("endwith");
        return made;
    }

    ExpressionParser in_;
    int loops_ = 0; // that the statement stands in
};

} // namespace

Block parse(std::string_view source) { return StatementParser(tokenize(source)).whole(); }

} // namespace lectern::jinja

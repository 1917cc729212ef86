// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/jinja/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "engine/base/utf8.h"
#include "engine/tokenizer/jinja/value.h"

namespace lectern::jinja {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::string with_plain_newlines(std::string_view source) {
    std::string out;
    for (size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\r') out += source[i];
        else if (i + 1 == source.size() || source[i + 1] != '\n') out += '\n';
    }
    if (out.ends_with('\n')) out.pop_back();
    return out;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(with_plain_newlines(source)) {}

    std::vector<Token> run() {
        while (at_ < source_.size()) {
            const size_t tag = next_tag();
            take_text(tag);
            if (tag == source_.npos) break;
            const char kind = source_[tag + 1];
            if (kind == '#') skip_comment();
            else if (kind == '{') take_tag("}}", TokenKind::OutputBegin, TokenKind::OutputEnd);
            else if (!take_raw()) take_tag("%}", TokenKind::StatementBegin, TokenKind::StatementEnd);
        }
        add(TokenKind::End, "");
        return std::move(tokens_);
    }

private:
    [[noreturn]] void fail(std::string_view what) const {
        throw Failure{ErrorKind::Damaged, fmt::format("line {}: {}", line_, what)};
    }
    void add(TokenKind kind, std::string text) { tokens_.push_back({kind, std::move(text), line_}); }
    void move_to(size_t at) {
        line_ += static_cast<int>(std::count(source_.begin() + static_cast<long>(at_), source_.begin() + static_cast<long>(at), '\n'));
        at_ = at;
    }
    char peek(size_t offset = 0) const { return at_ + offset < source_.size() ? source_[at_ + offset] : '\0'; }
    bool ahead(std::string_view text) const { return std::string_view(source_).substr(at_).starts_with(text); }

    size_t next_tag() const {
        for (size_t at = at_; (at = source_.find('{', at)) != source_.npos; ++at)
            if (at + 1 < source_.size() && std::string_view("{%#").find(source_[at + 1]) != std::string_view::npos) return at;
        return source_.npos;
    }

    /// Adds the text before a tag (npos: the rest), stripped as the tag asks, and moves to the tag.
    void take_text(size_t tag) {
        const size_t end = std::min(tag, source_.size());
        std::string text = source_.substr(at_, end - at_);
        if (tag != source_.npos) {
            const char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
            if (sign == '-') text.resize(text.find_last_not_of(" \t\n\r\v\f") + 1);
            else if (sign != '+' && source_[tag + 1] != '{') strip_indent(text);
        }
        if (!text.empty()) add(TokenKind::Text, std::move(text));
        move_to(end);
    }

    /// lstrip_blocks: a tag that is the first thing in its line takes the blanks before it away.
    void strip_indent(std::string& text) const {
        const size_t newline = text.rfind('\n');
        const size_t start = newline == text.npos ? 0 : newline + 1;
        if (newline == text.npos && !at_line_start_) return;
        if (text.find_first_not_of(" \t", start) == text.npos) text.resize(start);
    }

    /// Moves behind the end of a tag whose closing mark begins at `at_`; `block`: trim_blocks applies.
    void close_tag(char sign, bool block) {
        move_to(at_ + 2);
        const size_t before = at_;
        if (sign == '-')
            while (is_space(peek())) move_to(at_ + 1);
        else if (sign != '+' && block && peek() == '\n') move_to(at_ + 1);
        at_line_start_ = at_ > before && source_[at_ - 1] == '\n';
    }

    void skip_comment() {
        const size_t end = source_.find("#}", at_ + 2);
        if (end == source_.npos) fail("a comment has no end");
        const char sign = source_[end - 1];
        move_to(end);
        close_tag(sign, true);
    }

    /// {% raw %} … {% endraw %}: everything between is text.
    bool take_raw() {
        size_t at = at_ + 2;
        const auto skip = [&] {
            while (at < source_.size() && (is_space(source_[at]) || source_[at] == '-' || source_[at] == '+')) ++at;
        };
        skip();
        if (source_.compare(at, 3, "raw") != 0) return false;
        at += 3;
        skip();
        if (source_.compare(at, 2, "%}") != 0) return false;
        const char sign = source_[at - 1];
        move_to(at);
        close_tag(sign, false); // Jinja keeps the newline behind this one tag
        for (size_t end = at_; (end = source_.find("{%", end)) != source_.npos; ++end) {
            at = end + 2;
            skip();
            if (source_.compare(at, 6, "endraw") != 0) continue;
            at += 6;
            skip();
            if (source_.compare(at, 2, "%}") != 0) continue;
            take_text(end);
            const char end_sign = source_[at - 1];
            move_to(at);
            close_tag(end_sign, true);
            return true;
        }
        fail("{% raw %} has no end");
    }

    void take_tag(std::string_view close, TokenKind begin, TokenKind end) {
        add(begin, "");
        move_to(at_ + 2);
        if (peek() == '-' || peek() == '+') move_to(at_ + 1);
        int braces = 0; // a dict may end with }} inside {{ … }}
        while (true) {
            while (is_space(peek())) move_to(at_ + 1);
            if (at_ >= source_.size()) fail("a tag has no end");
            const char sign = peek();
            if ((sign == '-' || sign == '+') && std::string_view(source_).substr(at_ + 1).starts_with(close)) {
                move_to(at_ + 1);
                add(end, "");
                return close_tag(sign, close == "%}");
            }
            if (ahead(close) && braces == 0) {
                add(end, "");
                return close_tag(' ', close == "%}");
            }
            if (sign == '{') ++braces;
            if (sign == '}') --braces;
            take_token();
        }
    }

    void take_token() {
        const char c = peek();
        if (c == '"' || c == '\'') return take_string(c);
        if (is_digit(c)) return take_number();
        if (is_name_start(c)) {
            size_t end = at_;
            while (end < source_.size() && (is_name_start(source_[end]) || is_digit(source_[end]))) ++end;
            add(TokenKind::Name, source_.substr(at_, end - at_));
            return move_to(end);
        }
        constexpr std::array<std::string_view, 6> kPairs = {"==", "!=", "<=", ">=", "//", "**"};
        for (std::string_view pair : kPairs)
            if (ahead(pair)) {
                add(TokenKind::Operator, std::string(pair));
                return move_to(at_ + 2);
            }
        if (std::string_view("+-*/%~<>=.,:|()[]{}").find(c) == std::string_view::npos) fail(fmt::format("'{}' does not belong here", c));
        add(TokenKind::Operator, std::string(1, c));
        move_to(at_ + 1);
    }

    void take_number() {
        size_t end = at_;
        bool real = false;
        const auto digits = [&] {
            while (end < source_.size() && (is_digit(source_[end]) || source_[end] == '_')) ++end;
        };
        digits();
        if (end + 1 < source_.size() && source_[end] == '.' && is_digit(source_[end + 1])) {
            real = true;
            ++end;
            digits();
        }
        if (end < source_.size() && (source_[end] == 'e' || source_[end] == 'E')) {
            size_t exponent = end + 1;
            if (exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-')) ++exponent;
            if (exponent < source_.size() && is_digit(source_[exponent])) {
                real = true;
                end = exponent;
                digits();
            }
        }
        std::string text = source_.substr(at_, end - at_);
        std::erase(text, '_');
        add(real ? TokenKind::Float : TokenKind::Integer, std::move(text));
        move_to(end);
    }

    void take_string(char quote) {
        std::string text;
        size_t at = at_ + 1;
        while (at < source_.size() && source_[at] != quote) {
            if (source_[at] == '\\' && at + 1 < source_.size()) at = take_escape(at + 1, text);
            else text += source_[at++];
        }
        if (at >= source_.size()) fail("a string has no end");
        add(TokenKind::String, std::move(text));
        move_to(at + 1);
    }

    /// Resolves the escape whose letter is at `at`; returns where it ends.
    size_t take_escape(size_t at, std::string& text) const {
        constexpr std::string_view kLetters = "ntr\\'\"abfv0", kMeanings("\n\t\r\\'\"\a\b\f\v\0", 11);
        const char letter = source_[at];
        const size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
        if (digits > 0) {
            uint32_t code = 0;
            const char* first = source_.data() + at + 1;
            const char* last = std::min(first + digits, source_.data() + source_.size());
            const auto parsed = std::from_chars(first, last, code, 16);
            if (parsed.ec != std::errc() || parsed.ptr != first + digits) fail("a string has a wrong escape");
            append_utf8(text, code);
            return at + 1 + digits;
        }
        if (const size_t known = kLetters.find(letter); known != kLetters.npos) text += kMeanings[known];
        else if (letter != '\n') (text += '\\') += letter; // a line that goes on, or an escape that Python leaves alone
        return at + 1;
    }

    const std::string source_;
    size_t at_ = 0;
    int line_ = 1;
    bool at_line_start_ = true; // the text at at_ begins a line
    std::vector<Token> tokens_;
};

} // namespace

std::vector<Token> tokenize(std::string_view source) { return Lexer(source).run(); }

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Rendering, against what Jinja makes of the same templates (tests/data/chat_template/make_cases.py).

#include "engine/tokenizer/chat_template.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/base/file.h"

using namespace lectern;
using json = nlohmann::ordered_json;

namespace {

json load(const char* name) { return json::parse(*read_file(std::string(LECTERN_TEST_DATA "/chat_template/") + name)); }

Result<MarkedText> render(std::string_view source, const json& trusted, const json& data) {
    const auto parsed = ChatTemplate::parse(source);
    if (!parsed) return parsed.error();
    return parsed->render(trusted, data);
}

/// Checks a case: the same output, or an error where Jinja has one.
void check_case(const std::string& source, const json& trusted, const json& data, const json& expected) {
    const auto rendered = render(source, trusted, data);
    if (expected.contains("error")) {
        CHECK_FALSE(rendered);
        return;
    }
    REQUIRE_MESSAGE(rendered, (rendered ? "" : rendered.error().message));
    CHECK(rendered->text == expected["output"].get<std::string>());
    size_t end = 0;
    for (const auto& segment : rendered->segments) {
        CHECK(segment.start == end);
        CHECK(segment.end > segment.start);
        end = segment.end;
    }
    CHECK(end == rendered->text.size());
}

std::string failure(std::string_view source, ErrorKind kind, const json& data = json::object()) {
    const auto rendered = render(source, json::object(), data);
    REQUIRE_FALSE(rendered);
    CHECK(rendered.error().kind == kind);
    return rendered.error().message;
}

bool says(const std::string& sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

std::string repeat(std::string_view unit, size_t n) {
    std::string text;
    for (size_t i = 0; i < n; ++i) text += unit;
    return text;
}

} // namespace

TEST_CASE("chat template: every feature renders as Jinja renders it, or fails where it fails") {
    const json snippets = load("snippets.json");
    CHECK(snippets["cases"].size() > 80);
    for (const json& one : snippets["cases"]) {
        const auto source = one["template"].get<std::string>();
        CAPTURE(source);
        check_case(source, json::object(), snippets["data"], one);
    }
}

TEST_CASE("chat template: published formats render as Jinja renders them") {
    for (const json& row : load("chats.json"))
        for (const json& one : row["cases"]) {
            const std::string name = row["name"].get<std::string>() + " " + one["data"].dump();
            CAPTURE(name);
            check_case(row["template"].get<std::string>(), one["trusted"], one["data"], one);
        }
}

TEST_CASE("chat template: a template that raises fails with its own words and none from outside") {
    const json data = {{"messages", {{{"role", "robot"}, {"content", "secret"}}}}};
    const std::string sentence = failure("{{ raise_exception('Unknown role: ' + messages[0].role + '!') }}", ErrorKind::Damaged, data);
    CHECK(says(sentence, "Unknown role: …!"));
    CHECK_FALSE(says(sentence, "robot"));
}

TEST_CASE("chat template: a wrong template says the line") {
    CHECK(says(failure("a\nb\n{% if x %}", ErrorKind::Damaged), "endif"));
    CHECK(says(failure("a\n{{ x y }}", ErrorKind::Damaged), "line 2"));
    CHECK(says(failure("\n\n{{ none.x.y }}", ErrorKind::Damaged), "line 3"));
    CHECK(says(failure("{{ x|sparkle }}", ErrorKind::Damaged), "sparkle"));
    CHECK(ChatTemplate::parse(std::string((1u << 20) + 1, 'x')).error().kind == ErrorKind::TooLarge);
}

TEST_CASE("chat template: endless work, deep calls and long texts end with a sentence") {
    for (const char* source : {
             "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
             "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
             "{% set ns = namespace(x='x') %}{% for i in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
             "{{ 'x' * 100000000 }}",
             "{{ [1] * 100000000 }}",
             "{{ 'x' * 9223372036854775807 }}",
             "{{ range(1000000000) }}",
             "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
             "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
             "{% set ns = namespace(x=[1]) %}{% for i in range(90) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
             "{{ ('a' * 1000000).replace('a', 'b' * 1000) }}",
             "{{ ('a' * 4000000 ~ 'b') in ('a' * 8000000) }}",
             "{% for i in range(1000) %}{{ 'x' * 100000 }}{% endfor %}",
             "{{ ('{}' * 1000).format(*[1]) }}{{ range(100000)|join('x' * 10000) }}",
         }) {
        CAPTURE(source);
        const auto rendered = render(source, json::object(), json::object());
        CHECK_FALSE(rendered);
    }
    CHECK(says(failure("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", ErrorKind::TooLarge), "too deeply"));
    CHECK(says(failure("{% for a in range(100000) %}{% for b in range(9) %}{% endfor %}{% endfor %}", ErrorKind::TooLarge), "too many steps"));
    CHECK(says(failure("{{ 'x' * 8388609 }}", ErrorKind::TooLarge), "too long"));
    CHECK(render("{{ 'x' * 8388608 }}", json::object(), json::object())->text.size() == 8u << 20);
}

TEST_CASE("chat template: deep nesting in the source ends with a sentence") {
    for (const std::string& source :
         {"{{ " + repeat("(", 5000) + "1" + repeat(")", 5000) + " }}", "{{ " + repeat("[", 5000), "{{ " + repeat("not ", 100000) + "x }}",
          "{{ " + repeat("-", 100000) + "1 }}", "{{ 1" + repeat(" + 1", 100000) + " }}", "{{ x" + repeat(".a", 100000) + " }}",
          "{{ x" + repeat("|trim", 100000) + " }}", repeat("{% if 1 %}", 5000), "{{ 1" + repeat(" if 1 else 1", 100000) + " }}",
          "{{ x" + repeat("[0]", 50000) + " }}", "{{ x" + repeat("()", 50000) + " }}", repeat("{% for a in b %}", 3000)}) {
        const auto parsed = ChatTemplate::parse(source);
        REQUIRE_FALSE(parsed);
        CHECK_FALSE(parsed.error().message.empty());
    }
    CHECK(ChatTemplate::parse(repeat("{% if 1 %}", 50) + repeat("{% endif %}", 50)));
    CHECK(ChatTemplate::parse("{{ 'a'" + repeat(" ~ 'a'", 100) + " }}"));
    json deep = 1;
    for (int i = 0; i < 200; ++i) deep = json::array({deep});
    CHECK(says(failure("{{ x }}", ErrorKind::TooLarge, {{"x", deep}}), "nested too deeply"));
}

TEST_CASE("chat template: the date is the caller's") {
    const auto rendered = render("{{ strftime_now('%d %b %Y') }}", {{"now", 1'700'000'000}}, json::object());
    REQUIRE(rendered);
    CHECK((rendered->text == "14 Nov 2023" || rendered->text == "15 Nov 2023")); // by the machine's time zone
    CHECK(render("{{ strftime_now('%Y') }}", json::object(), json::object())->text.size() == 4);
}

TEST_CASE("chat template: cut at any byte or with any byte changed it gives text or a sentence") {
    const json chats = load("chats.json");
    for (const json& row : chats) {
        const auto source = row["template"].get<std::string>();
        const json& one = row["cases"][row["cases"].size() / 2];
        for (size_t at = 0; at < source.size(); at += 3) {
            CHECK((render(source.substr(0, at), one["trusted"], one["data"]) || true));
            for (char c : {'{', '}', '%', '\'', '|', '(', ' ', '\xff', '\0'}) {
                std::string changed = source;
                changed[at] = c;
                const auto rendered = render(changed, one["trusted"], one["data"]);
                if (!rendered) CHECK_FALSE(rendered.error().message.empty());
            }
        }
    }
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Tests: value is name.

#include <fmt/format.h>

#include "engine/tokenizer/jinja/interpreter.h"

namespace lectern::jinja {
namespace {

const Value& argument(Interpreter& machine, const Arguments& given) {
    if (given.positional.empty()) machine.fail("a test lacks what to compare with");
    return given.positional[0];
}

int64_t whole(Interpreter& machine, const Value& value) {
    const auto number = value.as_integer();
    if (!number) machine.fail("this test is for whole numbers");
    return *number;
}

bool is_flag(const Value& value, bool wanted) { return value.get<bool>() && *value.get<bool>() == wanted; }

template <char kOp>
bool compared(Interpreter& machine, const Value& value, const Arguments& given) {
    constexpr std::string_view kOps[] = {"==", "!=", "<", "<=", ">", ">=", "in"};
    return comparison(machine, kOps[static_cast<int>(kOp)], value, argument(machine, given));
}

bool divisible(Interpreter& machine, const Value& value, const Arguments& given) {
    const int64_t by = whole(machine, argument(machine, given));
    if (by == 0) machine.fail("division by zero");
    return by == -1 || whole(machine, value) % by == 0;
}

bool same_case(const Value& value, MarkedString::Case wanted) {
    return value.text() && !value.text()->empty() && value.text()->text() == value.text()->with_case(wanted).text();
}

struct Named {
    std::string_view name;
    TestFunction function;
};

constexpr Named kTests[] = {
    {"defined", [](Interpreter&, const Value& v, const Arguments&) { return !v.is_undefined(); }},
    {"undefined", [](Interpreter&, const Value& v, const Arguments&) { return v.is_undefined(); }},
    {"none", [](Interpreter&, const Value& v, const Arguments&) { return v.is_none(); }},
    {"string", [](Interpreter&, const Value& v, const Arguments&) { return v.text() != nullptr; }},
    {"mapping", [](Interpreter&, const Value& v, const Arguments&) { return v.dict() != nullptr; }},
    {"iterable", [](Interpreter&, const Value& v, const Arguments&) { return v.list() || v.dict() || v.text() || v.is_undefined(); }},
    {"sequence", [](Interpreter&, const Value& v, const Arguments&) { return v.list() || v.dict() || v.text() || v.is_undefined(); }},
    {"number", [](Interpreter&, const Value& v, const Arguments&) { return v.is_number(); }},
    {"integer", [](Interpreter&, const Value& v, const Arguments&) { return v.get<int64_t>() != nullptr; }},
    {"float", [](Interpreter&, const Value& v, const Arguments&) { return v.get<double>() != nullptr; }},
    {"boolean", [](Interpreter&, const Value& v, const Arguments&) { return v.get<bool>() != nullptr; }},
    {"true", [](Interpreter&, const Value& v, const Arguments&) { return is_flag(v, true); }},
    {"false", [](Interpreter&, const Value& v, const Arguments&) { return is_flag(v, false); }},
    {"callable", [](Interpreter&, const Value& v, const Arguments&) { return v.callable() != nullptr; }},
    {"odd", [](Interpreter& m, const Value& v, const Arguments&) { return whole(m, v) % 2 != 0; }},
    {"even", [](Interpreter& m, const Value& v, const Arguments&) { return whole(m, v) % 2 == 0; }},
    {"lower", [](Interpreter&, const Value& v, const Arguments&) { return same_case(v, MarkedString::Case::Lower); }},
    {"upper", [](Interpreter&, const Value& v, const Arguments&) { return same_case(v, MarkedString::Case::Upper); }},
    {"divisibleby", divisible},
    {"equalto", compared<0>},
    {"eq", compared<0>},
    {"sameas", compared<0>},
    {"ne", compared<1>},
    {"lt", compared<2>},
    {"lessthan", compared<2>},
    {"le", compared<3>},
    {"gt", compared<4>},
    {"greaterthan", compared<4>},
    {"ge", compared<5>},
    {"in", compared<6>},
};

} // namespace

TestFunction find_test(std::string_view name) {
    if (name == "==") name = "eq"; // selectattr("role", "==", "user")
    if (name == "!=") name = "ne";
    for (const Named& test : kTests)
        if (test.name == name) return test.function;
    return nullptr;
}

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Filters that make text or numbers.

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/interpreter.h"

namespace lectern::jinja {
namespace {

using Case = MarkedString::Case;

template <Case kCase>
Value with_case(Interpreter& machine, const Value& value, const Arguments&) {
    return machine.text(to_text(value).with_case(kCase));
}

Value trim(Interpreter& machine, const Value& value, const Arguments& given) {
    return call_method(machine, Value::string(to_text(value)), "strip", given);
}

Value as_string(Interpreter& machine, const Value& value, const Arguments&) { return machine.text(to_text(value)); }

Value replace(Interpreter& machine, const Value& value, const Arguments& given) {
    return call_method(machine, Value::string(to_text(value)), "replace", given);
}

int indent_of(Interpreter& machine, const Value* wanted) {
    if (!wanted || wanted->is_none()) return -1;
    if (const auto* text = wanted->text()) return static_cast<int>(std::min<size_t>(text->size(), 16));
    const auto number = wanted->as_integer();
    if (!number || *number < 0 || *number > 16) machine.fail("tojson indents by 0 to 16");
    return static_cast<int>(*number);
}

Value tojson(Interpreter& machine, const Value& value, const Arguments& given) {
    return machine.text(to_json(value, indent_of(machine, given.find(0, "indent"))));
}

Value indent(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* width = given.find(0, "width");
    MarkedString space;
    if (width && width->text()) space = *width->text();
    else {
        const int64_t n = width ? width->as_integer().value_or(4) : 4;
        if (n < 0 || n > 1000) machine.fail("indent by 0 to 1000");
        space = MarkedString(std::string(static_cast<size_t>(n), ' '), true);
    }
    const auto flag = [&](size_t place, const char* name) {
        const Value* found = given.find(place, name);
        return found && found->truthy();
    };
    const bool first = flag(1, "first"), blank = flag(2, "blank");
    MarkedString text = to_text(value), made;
    const auto lines = text.split("\n", -1);
    machine.check_bytes(text.size() + lines.size() * space.size());
    for (size_t i = 0; i < lines.size(); ++i) {
        if (i > 0) made.append("\n", true);
        if ((i > 0 || first) && (blank || !lines[i].empty() || i == 0)) made.append(space);
        made.append(lines[i]);
    }
    return machine.text(std::move(made));
}

Value as_int(Interpreter&, const Value& value, const Arguments& given) {
    const Value* otherwise = given.find(0, "default");
    const Value fallback = otherwise ? *otherwise : Value::integer(0);
    if (const auto number = value.as_integer()) return Value::integer(*number, value.trusted());
    if (const double* number = value.get<double>())
        return std::isfinite(*number) && std::fabs(*number) < 9e18 ? Value::integer(static_cast<int64_t>(*number), value.trusted()) : fallback;
    if (const auto* text = value.text()) {
        const std::string digits = text->stripped(true, true, nullptr).text();
        const char* first = digits.c_str() + (digits.starts_with('+') ? 1 : 0);
        int64_t whole = 0;
        const auto parsed = std::from_chars(first, digits.c_str() + digits.size(), whole);
        if (!digits.empty() && parsed.ec == std::errc() && parsed.ptr == digits.c_str() + digits.size()) return Value::integer(whole, value.trusted());
        char* end = nullptr;
        const double real = std::strtod(digits.c_str(), &end);
        if (!digits.empty() && end == digits.c_str() + digits.size() && std::isfinite(real) && std::fabs(real) < 9e18)
            return Value::integer(static_cast<int64_t>(real), value.trusted());
    }
    return fallback;
}

Value as_float(Interpreter&, const Value& value, const Arguments& given) {
    const Value* otherwise = given.find(0, "default");
    if (const auto number = value.as_number()) return Value::number(*number, value.trusted());
    if (const auto* text = value.text()) {
        const std::string digits = text->stripped(true, true, nullptr).text();
        char* end = nullptr;
        const double real = std::strtod(digits.c_str(), &end);
        if (!digits.empty() && end == digits.c_str() + digits.size()) return Value::number(real, value.trusted());
    }
    return otherwise ? *otherwise : Value::number(0.0);
}

Value round_number(Interpreter& machine, const Value& value, const Arguments& given) {
    const auto number = value.as_number();
    if (!number) machine.fail("only numbers are rounded");
    const Value* digits = given.find(0, "precision");
    const Value* method = given.find(1, "method");
    const double scale = std::pow(10.0, static_cast<double>(digits ? digits->as_integer().value_or(0) : 0));
    const std::string how = method && method->text() ? method->text()->text() : "common";
    const double scaled = *number * scale;
    const double whole = how == "ceil" ? std::ceil(scaled) : how == "floor" ? std::floor(scaled) : std::nearbyint(scaled);
    return Value::number(whole / scale, value.trusted());
}

Value absolute(Interpreter& machine, const Value& value, const Arguments&) {
    if (const auto number = value.as_integer(); number && *number != INT64_MIN) return Value::integer(std::abs(*number), value.trusted());
    if (const auto number = value.as_number()) return Value::number(std::fabs(*number), value.trusted());
    machine.fail(fmt::format("a {} has no magnitude", type_name(value)));
}

Value otherwise(Interpreter&, const Value& value, const Arguments& given) {
    const Value* fallback = given.find(0, "default_value");
    const Value* empty_too = given.find(1, "boolean");
    const bool missing = value.is_undefined() || (empty_too && empty_too->truthy() && !value.truthy());
    if (!missing) return value;
    return fallback ? *fallback : Value::string({});
}

struct Named {
    std::string_view name;
    FilterFunction function;
};

constexpr Named kFilters[] = {
    {"abs", absolute},         {"capitalize", with_case<Case::Capitalize>},
    {"d", otherwise},          {"default", otherwise},
    {"float", as_float},       {"indent", indent},
    {"int", as_int},           {"lower", with_case<Case::Lower>},
    {"replace", replace},      {"round", round_number},
    {"safe", as_string},       {"string", as_string},
    {"title", with_case<Case::Words>}, {"tojson", tojson},
    {"trim", trim},            {"upper", with_case<Case::Upper>},
};

} // namespace

FilterFunction find_text_filter(std::string_view name) {
    for (const Named& filter : kFilters)
        if (filter.name == name) return filter.function;
    return nullptr;
}

} // namespace lectern::jinja

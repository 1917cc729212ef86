// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Arithmetic and comparison.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/interpreter.h"

namespace lectern::jinja {
namespace {

[[noreturn]] void no_such(Interpreter& machine, std::string_view op, const Value& a, const Value& b) {
    machine.fail(fmt::format("'{}' between {} and {}", op, type_name(a), type_name(b)));
}

int64_t floor_divide(int64_t a, int64_t b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

int64_t power(Interpreter& machine, int64_t base, int64_t exponent) {
    int64_t result = 1;
    for (int64_t i = 0; i < exponent; ++i) {
        if (__builtin_mul_overflow(result, base, &result)) machine.fail("a number is too large");
        if (i > 64 && (base == 0 || base == 1 || base == -1)) return base == -1 && exponent % 2 ? -1 : base * base;
    }
    return result;
}

Value integers(Interpreter& machine, std::string_view op, int64_t a, int64_t b, bool trusted) {
    int64_t result = 0;
    bool overflow = false;
    if ((op == "//" || op == "%" || op == "/") && b == 0) machine.fail("division by zero");
    if (op == "+") overflow = __builtin_add_overflow(a, b, &result);
    else if (op == "-") overflow = __builtin_sub_overflow(a, b, &result);
    else if (op == "*") overflow = __builtin_mul_overflow(a, b, &result);
    else if (op == "/") return Value::number(static_cast<double>(a) / static_cast<double>(b), trusted);
    else if (b == -1 && op != "**") { // the one division that overflows
        overflow = a == INT64_MIN;
        if (!overflow) result = op == "//" ? -a : 0;
    } else if (op == "//") result = floor_divide(a, b);
    else if (op == "%") result = a - floor_divide(a, b) * b;
    else if (b < 0) return Value::number(std::pow(static_cast<double>(a), static_cast<double>(b)), trusted);
    else result = power(machine, a, b);
    if (overflow) machine.fail("a number is too large");
    return Value::integer(result, trusted);
}

Value numbers(Interpreter& machine, std::string_view op, double a, double b, bool trusted) {
    if ((op == "//" || op == "%" || op == "/") && b == 0) machine.fail("division by zero");
    if (op == "+") return Value::number(a + b, trusted);
    if (op == "-") return Value::number(a - b, trusted);
    if (op == "*") return Value::number(a * b, trusted);
    if (op == "/") return Value::number(a / b, trusted);
    if (op == "//") return Value::number(std::floor(a / b), trusted);
    if (op == "%") return Value::number(a - std::floor(a / b) * b, trusted);
    return Value::number(std::pow(a, b), trusted);
}

Value repeated(Interpreter& machine, const Value& value, int64_t times) {
    const auto count = static_cast<uint64_t>(std::max<int64_t>(times, 0));
    uint64_t total = 0;
    if (const auto* text = value.text()) {
        if (__builtin_mul_overflow(count, text->size(), &total)) total = UINT64_MAX;
        machine.check_bytes(total);
        MarkedString made;
        for (uint64_t i = 0; total > 0 && i < count; ++i) made.append(*text);
        return Value::string(std::move(made));
    }
    const List& list = *value.list();
    if (__builtin_mul_overflow(count, list.items.size(), &total)) total = UINT64_MAX / 2;
    machine.charge(total);
    std::vector<Value> items;
    for (uint64_t i = 0; total > 0 && i < count; ++i) items.insert(items.end(), list.items.begin(), list.items.end());
    return Value::list(std::move(items), value.trusted(), list.tuple);
}

Value joined(Interpreter& machine, const MarkedString& a, const MarkedString& b) {
    machine.check_bytes(a.size() + b.size());
    MarkedString made = a;
    made.append(b);
    return Value::string(std::move(made));
}

/// "%s" % value, for %s, %d, %i and %%.
Value formatted(Interpreter& machine, const MarkedString& pattern, const Value& value) {
    const std::vector<Value> given = value.list() && value.list()->tuple ? value.list()->items : std::vector<Value>{value};
    MarkedString made;
    size_t used = 0;
    for (size_t at = 0; at < pattern.size(); ++at) {
        if (pattern.text()[at] != '%') {
            made.append(pattern.substr(at, 1));
            continue;
        }
        const char letter = at + 1 < pattern.size() ? pattern.text()[at + 1] : '\0';
        if (letter == '%') made.append(pattern.substr(at, 1));
        else if (letter != 's' && letter != 'd' && letter != 'i') machine.fail("only %s, %d and %% can be formatted");
        else if (used >= given.size()) machine.fail("a format lacks a value");
        else made.append(to_text(given[used++]));
        machine.limit_bytes(made.size());
        ++at;
    }
    return machine.text(std::move(made));
}

bool contains(Interpreter& machine, const Value& container, const Value& wanted) {
    if (container.is_undefined()) return false;
    if (const auto* text = container.text()) {
        if (!wanted.text()) no_such(machine, "in", wanted, container);
        machine.charge_search(text->size(), wanted.text()->size());
        return text->text().find(wanted.text()->text()) != std::string::npos;
    }
    if (const auto* list = container.list()) {
        machine.charge(list->items.size());
        return std::ranges::any_of(list->items, [&](const Value& item) { return machine.equal(item, wanted); });
    }
    if (const auto* dict = container.dict()) {
        machine.charge(dict->items.size() / 16);
        return wanted.text() && dict->find(wanted.text()->text());
    }
    no_such(machine, "in", wanted, container);
}

/// -1, 0 or 1.
int order(Interpreter& machine, std::string_view op, const Value& a, const Value& b) {
    if (a.is_number() && b.is_number()) {
        const auto i = a.as_integer(), j = b.as_integer();
        if (i && j) return *i < *j ? -1 : *i > *j;
        const double x = *a.as_number(), y = *b.as_number();
        return x < y ? -1 : x > y;
    }
    if (a.text() && b.text()) {
        const int compared = a.text()->text().compare(b.text()->text());
        return compared < 0 ? -1 : compared > 0;
    }
    if (a.list() && b.list()) {
        const auto& x = a.list()->items;
        const auto& y = b.list()->items;
        for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
            machine.charge(1);
            if (!machine.equal(x[i], y[i])) return order(machine, op, x[i], y[i]);
        }
        return x.size() < y.size() ? -1 : x.size() > y.size();
    }
    no_such(machine, op, a, b);
}

} // namespace

Value binary_operation(Interpreter& machine, std::string_view op, const Value& a, const Value& b) {
    const bool trusted = a.trusted() && b.trusted();
    if (op == "~") return joined(machine, to_text(a), to_text(b));
    if (op == "+" && a.text() && b.text()) return joined(machine, *a.text(), *b.text());
    if (op == "%" && a.text()) return formatted(machine, *a.text(), b);
    if (op == "*" && (a.text() || a.list()) && b.as_integer()) return repeated(machine, a, *b.as_integer());
    if (op == "*" && (b.text() || b.list()) && a.as_integer()) return repeated(machine, b, *a.as_integer());
    if (op == "+" && a.list() && b.list() && a.list()->tuple == b.list()->tuple) {
        machine.charge(a.list()->items.size() + b.list()->items.size());
        std::vector<Value> items = a.list()->items;
        items.insert(items.end(), b.list()->items.begin(), b.list()->items.end());
        return Value::list(std::move(items), trusted, a.list()->tuple);
    }
    if (!a.is_number() || !b.is_number()) no_such(machine, op, a, b);
    const auto i = a.as_integer(), j = b.as_integer();
    if (i && j) return integers(machine, op, *i, *j, trusted);
    return numbers(machine, op, *a.as_number(), *b.as_number(), trusted);
}

bool comparison(Interpreter& machine, std::string_view op, const Value& a, const Value& b) {
    if (op == "==") return machine.equal(a, b);
    if (op == "!=") return !machine.equal(a, b);
    if (op == "in") return contains(machine, b, a);
    if (op == "not in") return !contains(machine, b, a);
    const int sign = order(machine, op, a, b);
    if (op == "<") return sign < 0;
    if (op == "<=") return sign <= 0;
    if (op == ">") return sign > 0;
    return sign >= 0;
}

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Expressions.

#include <algorithm>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/interpreter.h"

namespace lectern::jinja {

namespace {

/// The element of a sequence at a Python index; nothing if it lies outside.
std::optional<size_t> place(int64_t index, size_t size) {
    if (index < 0) index += static_cast<int64_t>(size);
    if (index < 0 || index >= static_cast<int64_t>(size)) return std::nullopt;
    return static_cast<size_t>(index);
}

/// The indices that a Python slice takes from a sequence of n.
std::vector<size_t> slice_places(std::optional<int64_t> start, std::optional<int64_t> stop, int64_t step, int64_t n) {
    const auto clamp = [&](int64_t value, int64_t low, int64_t high) {
        if (value < 0) value = value < -n ? low : value + n;
        return std::clamp(value, low, high);
    };
    std::vector<size_t> places;
    if (step > 0) {
        const int64_t from = start ? clamp(*start, 0, n) : 0, to = stop ? clamp(*stop, 0, n) : n;
        for (int64_t i = from; i < to; i += std::min(step, n)) places.push_back(static_cast<size_t>(i));
    } else {
        const int64_t from = start ? clamp(*start, -1, n - 1) : n - 1, to = stop ? clamp(*stop, -1, n - 1) : -1;
        for (int64_t i = from; i > to; i += std::max(step, -n)) places.push_back(static_cast<size_t>(i));
    }
    return places;
}

} // namespace

Value Interpreter::evaluate(const Expr& e, Scope& scope) {
    const Depth depth(*this, e.line);
    switch (e.kind) {
    case ExprKind::Constant: return e.constant;
    case ExprKind::Name: return name(e, scope);
    case ExprKind::List:
    case ExprKind::Tuple: {
        std::vector<Value> all;
        for (const ExprPtr& item : e.args) all.push_back(evaluate(*item, scope));
        return Value::list(std::move(all), true, e.kind == ExprKind::Tuple);
    }
    case ExprKind::Dict: return dict(e, scope);
    case ExprKind::Attribute: return attribute(evaluate(*e.args[0], scope), e.name);
    case ExprKind::Index: {
        const Value value = evaluate(*e.args[0], scope);
        return item(value, evaluate(*e.args[1], scope));
    }
    case ExprKind::Slice: return slice(e, scope);
    case ExprKind::Call: return call(e, scope);
    case ExprKind::Filter: {
        const Value value = evaluate(*e.args[0], scope);
        return filter(e.name, value, arguments(e, scope));
    }
    case ExprKind::Test: {
        const Value value = evaluate(*e.args[0], scope);
        return Value::boolean(test(e.name, value, arguments(e, scope)));
    }
    case ExprKind::Negate:
    case ExprKind::Plus: return negate(e, scope);
    case ExprKind::Not: return Value::boolean(!evaluate(*e.args[0], scope).truthy());
    case ExprKind::And: {
        Value left = evaluate(*e.args[0], scope);
        return left.truthy() ? evaluate(*e.args[1], scope) : left;
    }
    case ExprKind::Or: {
        Value left = evaluate(*e.args[0], scope);
        return left.truthy() ? left : evaluate(*e.args[1], scope);
    }
    case ExprKind::Binary: return binary(e, scope);
    case ExprKind::Compare: return compare(e, scope);
    case ExprKind::If:
        if (evaluate(*e.args[1], scope).truthy()) return evaluate(*e.args[0], scope);
        return e.args[2] ? evaluate(*e.args[2], scope) : Value();
    case ExprKind::Body: return text(*bodies_.back());
    }
    return Value();
}

Value Interpreter::name(const Expr& e, const Scope& scope) const {
    for (const Scope* at = &scope; at; at = at->outer)
        if (const auto found = at->names.find(e.name); found != at->names.end()) return found->second;
    if (is_function(e.name)) return Value(Value::Held(std::make_shared<const Callable>(Callable{e.name, nullptr, nullptr})));
    return Value();
}

Value Interpreter::dict(const Expr& e, Scope& scope) {
    Dict made;
    for (size_t i = 0; i + 1 < e.args.size(); i += 2) {
        const Value key = evaluate(*e.args[i], scope);
        made.set(to_text(key), evaluate(*e.args[i + 1], scope));
    }
    return Value::dict(std::move(made));
}

Value Interpreter::negate(const Expr& e, Scope& scope) {
    const Value value = evaluate(*e.args[0], scope);
    if (!value.is_number()) fail(fmt::format("a {} has no sign", type_name(value)));
    const bool minus = e.kind == ExprKind::Negate;
    if (const auto number = value.as_integer()) {
        if (*number == INT64_MIN) fail("a number is too large");
        return Value::integer(minus ? -*number : *number, value.trusted());
    }
    return Value::number(minus ? -*value.as_number() : *value.as_number(), value.trusted());
}

Value Interpreter::binary(const Expr& e, Scope& scope) {
    const Value left = evaluate(*e.args[0], scope);
    return binary_operation(*this, e.name, left, evaluate(*e.args[1], scope));
}

Value Interpreter::compare(const Expr& e, Scope& scope) {
    Value left = evaluate(*e.args[0], scope);
    bool trusted = left.trusted();
    for (size_t i = 0; i < e.operators.size(); ++i) {
        Value right = evaluate(*e.args[i + 1], scope);
        trusted = trusted && right.trusted();
        if (!comparison(*this, e.operators[i], left, right)) return Value::boolean(false, trusted);
        left = std::move(right);
    }
    return Value::boolean(true, trusted);
}

Value Interpreter::attribute(const Value& value, std::string_view name) {
    if (value.is_undefined()) fail(fmt::format("{} of something undefined", name));
    if (has_method(value, name))
        return Value(Value::Held(std::make_shared<const Callable>(Callable{std::string(name), nullptr, std::make_shared<const Value>(value)})));
    if (const auto* dict = value.dict()) {
        charge(dict->items.size() / 16);
        const Value* found = dict->find(name);
        return found ? *found : Value();
    }
    if (const auto* space = value.space()) {
        const auto found = space->values.find(name);
        return found == space->values.end() ? Value() : found->second;
    }
    return Value();
}

Value Interpreter::item(const Value& value, const Value& key) {
    if (value.is_undefined()) fail("an element of something undefined");
    if (const auto* name = key.text()) {
        if (const auto* dict = value.dict())
            if (const Value* found = dict->find(name->text())) return *found;
        return attribute(value, name->text());
    }
    if (const auto* dict = value.dict()) {
        const Value* found = dict->find(to_text(key).text());
        return found ? *found : Value();
    }
    const auto index = key.as_integer();
    if (!index) return Value();
    if (const auto* list = value.list()) {
        const auto at = place(*index, list->items.size());
        return at ? list->items[*at] : Value();
    }
    if (const auto* text = value.text()) {
        charge(text->size() / 64);
        const auto starts = text->character_starts();
        const auto at = place(*index, starts.size() - 1);
        return at ? Value::string(text->substr(starts[*at], starts[*at + 1] - starts[*at])) : Value();
    }
    return Value();
}

Value Interpreter::slice(const Expr& e, Scope& scope) {
    const Value value = evaluate(*e.args[0], scope);
    std::optional<int64_t> bounds[3];
    for (size_t i = 0; i < 3; ++i) {
        if (!e.args[i + 1]) continue;
        const Value bound = evaluate(*e.args[i + 1], scope);
        if (bound.is_none()) continue;
        bounds[i] = bound.as_integer();
        if (!bounds[i]) fail("a slice needs whole numbers");
    }
    const int64_t step = bounds[2].value_or(1);
    if (step == 0) fail("a slice needs a step");
    if (const auto* list = value.list()) {
        charge(list->items.size() / 16);
        std::vector<Value> part;
        for (size_t at : slice_places(bounds[0], bounds[1], step, static_cast<int64_t>(list->items.size()))) part.push_back(list->items[at]);
        return Value::list(std::move(part), value.trusted(), list->tuple);
    }
    const auto* whole = value.text();
    if (!whole) fail(fmt::format("a {} cannot be sliced", type_name(value)));
    charge(whole->size() / 64);
    const auto starts = whole->character_starts();
    MarkedString part;
    const auto places = slice_places(bounds[0], bounds[1], step, static_cast<int64_t>(starts.size()) - 1);
    if (step == 1 && !places.empty()) part = whole->substr(starts[places.front()], starts[places.back() + 1] - starts[places.front()]);
    else
        for (size_t at : places) part.append(whole->substr(starts[at], starts[at + 1] - starts[at]));
    return text(std::move(part));
}

std::vector<Value> Interpreter::items(const Value& value) {
    std::vector<Value> all;
    if (value.is_undefined()) return all;
    if (const auto* list = value.list()) all = list->items;
    else if (const auto* dict = value.dict())
        for (const auto& [key, unused] : dict->items) all.push_back(Value::string(key));
    else if (const auto* text = value.text()) {
        charge(text->size());
        const auto starts = text->character_starts();
        for (size_t i = 0; i + 1 < starts.size(); ++i) all.push_back(Value::string(text->substr(starts[i], starts[i + 1] - starts[i])));
    } else fail(fmt::format("a {} has no elements", type_name(value)));
    charge(all.size());
    return all;
}

Arguments Interpreter::arguments(const Expr& e, Scope& scope) {
    Arguments given;
    for (size_t i = 1; i < e.args.size(); ++i) given.positional.push_back(evaluate(*e.args[i], scope));
    for (const auto& [name, expr] : e.named) given.named.emplace_back(name, evaluate(*expr, scope));
    return given;
}

Value Interpreter::call(const Expr& e, Scope& scope) {
    const Value callee = evaluate(*e.args[0], scope);
    const Callable* callable = callee.callable();
    if (!callable) {
        const std::string& called = e.args[0]->name;
        fail(fmt::format("{} is {} and cannot be called", called.empty() ? "this" : called, type_name(callee)));
    }
    const Arguments given = arguments(e, scope);
    line_ = e.line;
    if (callable->macro) return call_macro(*callable->macro, given);
    if (callable->self) return call_method(*this, *callable->self, callable->name, given);
    return call_function(*this, callable->name, given);
}

Value Interpreter::filter(std::string_view name, const Value& value, const Arguments& given) {
    FilterFunction function = find_text_filter(name);
    if (!function) function = find_sequence_filter(name);
    if (!function) fail(fmt::format("the filter {} is not known", name));
    return function(*this, value, given);
}

bool Interpreter::test(std::string_view name, const Value& value, const Arguments& given) {
    const TestFunction function = find_test(name);
    if (!function) fail(fmt::format("the test {} is not known", name));
    return function(*this, value, given);
}

} // namespace lectern::jinja

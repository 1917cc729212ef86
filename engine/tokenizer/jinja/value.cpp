// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/jinja/value.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace lectern::jinja {
namespace {

constexpr int kDepth = 64;

void check_depth(int depth) {
    if (depth > kDepth) throw Failure{ErrorKind::TooLarge, "a value is nested too deeply"};
}

} // namespace

const Value* Dict::find(std::string_view key) const {
    for (const auto& [name, value] : items)
        if (name.text() == key) return &value;
    return nullptr;
}

void Dict::set(MarkedString key, Value value) {
    for (auto& [name, old] : items)
        if (name.text() == key.text()) {
            old = std::move(value);
            return;
        }
    items.emplace_back(std::move(key), std::move(value));
}

Value Value::list(std::vector<Value> items, bool trusted, bool tuple) {
    return Value(std::make_shared<const List>(List{std::move(items), tuple}), trusted);
}
Value Value::dict(Dict dict, bool trusted) { return Value(std::make_shared<const Dict>(std::move(dict)), trusted); }

const MarkedString* Value::text() const {
    const auto* held = get<String>();
    return held ? held->get() : nullptr;
}
const List* Value::list() const {
    const auto* held = get<std::shared_ptr<const List>>();
    return held ? held->get() : nullptr;
}
const Dict* Value::dict() const {
    const auto* held = get<std::shared_ptr<const Dict>>();
    return held ? held->get() : nullptr;
}
Namespace* Value::space() const {
    const auto* held = get<std::shared_ptr<Namespace>>();
    return held ? held->get() : nullptr;
}
const Callable* Value::callable() const {
    const auto* held = get<std::shared_ptr<const Callable>>();
    return held ? held->get() : nullptr;
}

std::optional<int64_t> Value::as_integer() const {
    if (const bool* flag = get<bool>()) return *flag ? 1 : 0;
    if (const int64_t* number = get<int64_t>()) return *number;
    return std::nullopt;
}

std::optional<double> Value::as_number() const {
    if (const double* number = get<double>()) return *number;
    if (const auto number = as_integer()) return static_cast<double>(*number);
    return std::nullopt;
}

bool Value::truthy() const {
    if (is_undefined() || is_none()) return false;
    if (const auto number = as_number()) return *number != 0;
    if (const auto* t = text()) return !t->empty();
    if (const auto* l = list()) return !l->items.empty();
    if (const auto* d = dict()) return !d->items.empty();
    return true;
}

bool equal(const Value& a, const Value& b, uint64_t& budget, int depth) {
    check_depth(depth);
    const uint64_t cost = 1 + (a.text() ? a.text()->size() / 256 : 0);
    if (budget < cost) throw Failure{ErrorKind::TooLarge, "a comparison takes too many steps"};
    budget -= cost;
    if (a.is_number() && b.is_number()) {
        const auto x = a.as_integer(), y = b.as_integer();
        return x && y ? *x == *y : *a.as_number() == *b.as_number();
    }
    if (a.text() && b.text()) return a.text()->text() == b.text()->text();
    if (a.list() && b.list())
        return a.list()->tuple == b.list()->tuple &&
               std::ranges::equal(a.list()->items, b.list()->items,
                                  [&](const Value& x, const Value& y) { return equal(x, y, budget, depth + 1); });
    if (a.dict() && b.dict()) {
        if (a.dict()->items.size() != b.dict()->items.size()) return false;
        return std::ranges::all_of(a.dict()->items, [&](const auto& pair) {
            const Value* other = b.dict()->find(pair.first.text());
            return other && equal(pair.second, *other, budget, depth + 1);
        });
    }
    if (a.space() || b.space()) return a.space() == b.space();
    return (a.is_none() && b.is_none()) || (a.is_undefined() && b.is_undefined());
}

std::string_view type_name(const Value& value) {
    if (value.is_undefined()) return "undefined";
    if (value.is_none()) return "None";
    if (value.get<bool>()) return "bool";
    if (value.get<int64_t>()) return "int";
    if (value.get<double>()) return "float";
    if (value.text()) return "str";
    if (value.list()) return value.list()->tuple ? "tuple" : "list";
    if (value.dict()) return "dict";
    return value.space() ? "namespace" : "function";
}

Value from_json(const nlohmann::ordered_json& json, bool trusted, int depth) {
    check_depth(depth);
    if (json.is_string()) return Value::string({json.get_ref<const std::string&>(), trusted});
    if (json.is_boolean()) return Value::boolean(json.get<bool>(), trusted);
    if (json.is_number_unsigned() && json.get<uint64_t>() > uint64_t(INT64_MAX))
        return Value::number(json.get<double>(), trusted);
    if (json.is_number_integer()) return Value::integer(json.get<int64_t>(), trusted);
    if (json.is_number_float()) return Value::number(json.get<double>(), trusted);
    if (json.is_array()) {
        std::vector<Value> items;
        for (const auto& item : json) items.push_back(from_json(item, trusted, depth + 1));
        return Value::list(std::move(items), trusted);
    }
    if (json.is_object()) {
        Dict dict;
        for (const auto& [key, item] : json.items())
            dict.items.emplace_back(MarkedString(key, trusted), from_json(item, trusted, depth + 1));
        return Value::dict(std::move(dict), trusted);
    }
    return Value::none(trusted);
}

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Filters over lists and dicts.

#include <algorithm>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/interpreter.h"

namespace lectern::jinja {
namespace {

bool flag(const Arguments& given, size_t place, std::string_view name, bool otherwise = false) {
    const Value* found = given.find(place, name);
    return found ? found->truthy() : otherwise;
}

/// The element that "a.b.0" names, as selectattr, map and sort spell it.
Value path(Interpreter& machine, const Value& value, const Value& attribute) {
    if (!attribute.text()) return machine.item(value, attribute);
    Value at = value;
    for (const MarkedString& part : attribute.text()->split(".", -1)) {
        const bool number = !part.empty() && part.text().find_first_not_of("0123456789") == std::string::npos && part.size() < 10;
        at = machine.item(at, number ? Value::integer(std::stoll(part.text())) : Value::string(part));
    }
    return at;
}

Value length(Interpreter& machine, const Value& value, const Arguments&) {
    size_t n = 0;
    if (const auto* text = value.text()) {
        machine.charge(text->size() / 64);
        n = text->character_starts().size() - 1;
    } else if (const auto* list = value.list()) n = list->items.size();
    else if (const auto* dict = value.dict()) n = dict->items.size();
    else if (!value.is_undefined()) machine.fail(fmt::format("a {} has no length", type_name(value)));
    return Value::integer(static_cast<int64_t>(n), value.trusted());
}

Value join(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* separator = given.find(0, "d");
    const Value* attribute = given.find(1, "attribute");
    const MarkedString between = separator ? to_text(*separator) : MarkedString();
    MarkedString made;
    bool first = true;
    for (const Value& item : machine.items(value)) {
        const MarkedString text = to_text(attribute ? path(machine, item, *attribute) : item);
        machine.charge(1 + text.size() / 256);
        if (!std::exchange(first, false)) made.append(between);
        made.append(text);
        machine.limit_bytes(made.size());
    }
    return machine.text(std::move(made));
}

Value as_list(Interpreter& machine, const Value& value, const Arguments&) {
    return Value::list(machine.items(value), value.trusted());
}

Value items(Interpreter& machine, const Value& value, const Arguments&) {
    if (value.is_undefined()) return Value::list({});
    if (!value.dict()) machine.fail(fmt::format("a {} has no items", type_name(value)));
    return call_method(machine, value, "items", {});
}

Value edge(Interpreter& machine, const Value& value, bool last) {
    const auto all = machine.items(value);
    if (all.empty()) return Value();
    return last ? all.back() : all.front();
}
Value first(Interpreter& machine, const Value& value, const Arguments&) { return edge(machine, value, false); }
Value last(Interpreter& machine, const Value& value, const Arguments&) { return edge(machine, value, true); }

Value reverse(Interpreter& machine, const Value& value, const Arguments&) {
    auto all = machine.items(value);
    std::ranges::reverse(all);
    if (!value.text()) return Value::list(std::move(all), value.trusted());
    MarkedString made;
    for (const Value& one : all) made.append(*one.text());
    return machine.text(std::move(made));
}

/// Text without regard to case, unless that is asked for.
Value sort_key(Interpreter& machine, const Value& item, const Value* attribute, bool case_sensitive) {
    Value key = attribute ? path(machine, item, *attribute) : item;
    if (case_sensitive || !key.text()) return key;
    return Value::string(key.text()->with_case(MarkedString::Case::Lower));
}

Value sorted(Interpreter& machine, std::vector<std::pair<Value, Value>> keyed, bool reverse, bool trusted) {
    // A merge sort that calls a throwing comparison is safe; introsort with an inconsistent one would not be.
    const auto less = [&](const auto& a, const auto& b) {
        machine.charge(1);
        return comparison(machine, "<", a.first, b.first);
    };
    if (reverse) std::ranges::stable_sort(keyed, [&](const auto& a, const auto& b) { return less(b, a); });
    else std::ranges::stable_sort(keyed, less);
    std::vector<Value> made;
    for (auto& [key, value] : keyed) made.push_back(std::move(value));
    return Value::list(std::move(made), trusted);
}

Value sort(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* attribute = given.find(2, "attribute");
    std::vector<std::pair<Value, Value>> keyed;
    for (Value& item : machine.items(value)) {
        Value key = sort_key(machine, item, attribute, flag(given, 1, "case_sensitive"));
        keyed.emplace_back(std::move(key), std::move(item));
    }
    return sorted(machine, std::move(keyed), flag(given, 0, "reverse"), value.trusted());
}

Value dictsort(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* by = given.find(1, "by");
    const bool by_value = by && by->text() && by->text()->text() == "value";
    std::vector<std::pair<Value, Value>> keyed;
    for (Value& pair : machine.items(items(machine, value, {}))) {
        Value key = sort_key(machine, pair.list()->items[by_value ? 1 : 0], nullptr, flag(given, 0, "case_sensitive"));
        keyed.emplace_back(std::move(key), std::move(pair));
    }
    return sorted(machine, std::move(keyed), flag(given, 2, "reverse"), value.trusted());
}

Value unique(Interpreter& machine, const Value& value, const Arguments& given) {
    std::vector<Value> kept, keys;
    const Value* attribute = given.find(1, "attribute");
    for (Value& item : machine.items(value)) {
        Value key = sort_key(machine, item, attribute, flag(given, 0, "case_sensitive"));
        if (std::ranges::any_of(keys, [&](const Value& other) { return machine.equal(key, other); })) continue;
        keys.push_back(std::move(key));
        kept.push_back(std::move(item));
    }
    return Value::list(std::move(kept), value.trusted());
}

/// The arguments from `skip` on.
Arguments rest(const Arguments& given, size_t skip) {
    Arguments left;
    for (size_t i = skip; i < given.positional.size(); ++i) left.positional.push_back(given.positional[i]);
    return left;
}

std::string name_argument(Interpreter& machine, const Arguments& given, size_t place) {
    if (place >= given.positional.size() || !given.positional[place].text()) machine.fail("the name of a test or filter is missing");
    return given.positional[place].text()->text();
}

/// select, reject, selectattr, rejectattr: `by_attribute` takes the first argument for a path.
template <bool kKeep, bool kByAttribute>
Value choose(Interpreter& machine, const Value& value, const Arguments& given) {
    constexpr size_t kTest = kByAttribute ? 1 : 0;
    if (kByAttribute && given.positional.empty()) machine.fail("the name of an attribute is missing");
    const bool truth = given.positional.size() <= kTest;
    const std::string test = truth ? "" : name_argument(machine, given, kTest);
    const Arguments left = rest(given, kTest + 1);
    std::vector<Value> kept;
    for (Value& item : machine.items(value)) {
        const Value looked_at = kByAttribute ? path(machine, item, given.positional[0]) : item;
        const bool passes = truth ? looked_at.truthy() : machine.test(test, looked_at, left);
        if (passes == kKeep) kept.push_back(std::move(item));
    }
    return Value::list(std::move(kept), value.trusted());
}

Value map(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* attribute = given.find(SIZE_MAX, "attribute");
    const Value* otherwise = given.find(SIZE_MAX, "default");
    std::vector<Value> made;
    for (const Value& item : machine.items(value)) {
        if (!attribute) {
            made.push_back(machine.filter(name_argument(machine, given, 0), item, rest(given, 1)));
            continue;
        }
        Value found = path(machine, item, *attribute);
        made.push_back(found.is_undefined() && otherwise ? *otherwise : std::move(found));
    }
    return Value::list(std::move(made), value.trusted());
}

Value extreme(Interpreter& machine, const Value& value, const Arguments& given, std::string_view op) {
    const Value* attribute = given.find(1, "attribute");
    Value best, best_key;
    for (const Value& item : machine.items(value)) {
        Value key = sort_key(machine, item, attribute, flag(given, 0, "case_sensitive"));
        if (!best.is_undefined() && !comparison(machine, op, key, best_key)) continue;
        best = item;
        best_key = std::move(key);
    }
    return best;
}
Value least(Interpreter& machine, const Value& value, const Arguments& given) { return extreme(machine, value, given, "<"); }
Value greatest(Interpreter& machine, const Value& value, const Arguments& given) { return extreme(machine, value, given, ">"); }

Value sum(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* attribute = given.find(0, "attribute");
    const Value* start = given.find(1, "start");
    Value total = start ? *start : Value::integer(0);
    for (const Value& item : machine.items(value))
        total = binary_operation(machine, "+", total, attribute ? path(machine, item, *attribute) : item);
    return total;
}

Value batch(Interpreter& machine, const Value& value, const Arguments& given) {
    const Value* count = given.find(0, "linecount");
    const Value* filler = given.find(1, "fill_with");
    const int64_t n = count ? count->as_integer().value_or(0) : 0;
    if (n < 1 || n > 100'000) machine.fail("batch needs a number of at least 1");
    std::vector<Value> rows, row;
    for (Value& item : machine.items(value)) {
        row.push_back(std::move(item));
        if (static_cast<int64_t>(row.size()) == n) rows.push_back(Value::list(std::exchange(row, {}), value.trusted()));
    }
    if (!row.empty()) {
        machine.charge(static_cast<uint64_t>(n));
        if (filler) row.resize(static_cast<size_t>(n), *filler);
        rows.push_back(Value::list(std::move(row), value.trusted()));
    }
    return Value::list(std::move(rows), value.trusted());
}

struct Named {
    std::string_view name;
    FilterFunction function;
};

constexpr Named kFilters[] = {
    {"batch", batch},     {"count", length},     {"dictsort", dictsort},
    {"first", first},     {"items", items},      {"join", join},
    {"last", last},       {"length", length},    {"list", as_list},
    {"map", map},         {"max", greatest},     {"min", least},
    {"reject", choose<false, false>}, {"rejectattr", choose<false, true>}, {"reverse", reverse},
    {"select", choose<true, false>},  {"selectattr", choose<true, true>},  {"sort", sort},
    {"sum", sum},         {"unique", unique},
};

} // namespace

FilterFunction find_sequence_filter(std::string_view name) {
    for (const Named& filter : kFilters)
        if (filter.name == name) return filter.function;
    return nullptr;
}

} // namespace lectern::jinja

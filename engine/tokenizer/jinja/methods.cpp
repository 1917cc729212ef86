// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Methods of text, dicts and lists, and the global functions.

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>

#include "engine/tokenizer/jinja/interpreter.h"

namespace lectern::jinja {
namespace {

using Case = MarkedString::Case;

constexpr std::array<std::string_view, 19> kTextMethods = {
    "strip", "lstrip", "rstrip", "split", "splitlines", "startswith", "endswith", "replace", "upper", "lower",
    "title", "capitalize", "find", "format", "count", "isdigit", "removeprefix", "removesuffix", "join"};
constexpr std::array<std::string_view, 4> kDictMethods = {"items", "keys", "values", "get"};
constexpr std::array<std::string_view, 2> kListMethods = {"count", "index"};
constexpr std::array<std::string_view, 5> kFunctions = {"raise_exception", "strftime_now", "namespace", "range", "dict"};
constexpr int64_t kLongestRange = 100'000;

/// A text argument; fails if it is not there or not text.
const MarkedString& text_argument(Interpreter& machine, const Arguments& given, size_t place, std::string_view name) {
    const Value* found = given.find(place, name);
    if (!found || !found->text()) machine.fail(fmt::format("the argument '{}' is missing or no text", name));
    return *found->text();
}

long limit_argument(const Arguments& given, size_t place, std::string_view name) {
    const Value* found = given.find(place, name);
    const int64_t limit = found ? found->as_integer().value_or(-1) : -1;
    return static_cast<long>(std::clamp<int64_t>(limit, -1, INT32_MAX));
}

Value list_of(std::vector<MarkedString> parts, bool trusted) {
    std::vector<Value> made;
    for (MarkedString& part : parts) made.push_back(Value::string(std::move(part)));
    return Value::list(std::move(made), trusted);
}

Value strip(Interpreter& machine, const MarkedString& text, bool left, bool right, const Arguments& given) {
    const Value* chars = given.find(0, "chars");
    const MarkedString* set = chars ? chars->text() : nullptr;
    if (set) machine.charge_search(text.size(), set->size());
    return machine.text(text.stripped(left, right, set ? &set->text() : nullptr));
}

/// startswith and endswith: one text, or a tuple of several.
Value edge_is(Interpreter& machine, const MarkedString& text, const Arguments& given, bool start) {
    if (given.positional.empty()) machine.fail("the text to look for is missing");
    const Value& wanted = given.positional[0];
    const auto fits = [&](const Value& one) {
        if (!one.text()) machine.fail("only text begins or ends a text");
        return start ? text.text().starts_with(one.text()->text()) : text.text().ends_with(one.text()->text());
    };
    const bool found = wanted.list() ? std::ranges::any_of(wanted.list()->items, fits) : fits(wanted);
    return Value::boolean(found, text.all_trusted());
}

Value split(Interpreter& machine, const MarkedString& text, const Arguments& given) {
    const Value* separator = given.find(0, "sep");
    const long limit = limit_argument(given, 1, "maxsplit");
    machine.check_bytes(text.size());
    if (!separator || separator->is_none()) {
        auto parts = text.split_at_white_space(limit);
        machine.charge(parts.size());
        return list_of(std::move(parts), text.all_trusted());
    }
    if (!separator->text() || separator->text()->empty()) machine.fail("a text is split at a text that is not empty");
    machine.charge_search(text.size(), separator->text()->size());
    auto parts = text.split(separator->text()->text(), limit);
    machine.charge(parts.size());
    return list_of(std::move(parts), text.all_trusted());
}

uint64_t occurrences(const std::string& text, const std::string& wanted) {
    if (wanted.empty()) return text.size() + 1;
    uint64_t n = 0;
    for (size_t at = 0; (at = text.find(wanted, at)) != text.npos; at += wanted.size()) ++n;
    return n;
}

Value replace(Interpreter& machine, const MarkedString& text, const Arguments& given) {
    const MarkedString& old_text = text_argument(machine, given, 0, "old");
    const Value* fresh = given.find(1, "new");
    const MarkedString new_text = fresh ? to_text(*fresh) : MarkedString();
    machine.charge_search(text.size(), old_text.size());
    uint64_t grown = 0;
    if (__builtin_mul_overflow(occurrences(text.text(), old_text.text()), new_text.size(), &grown)) grown = UINT64_MAX / 2;
    machine.check_bytes(text.size() + grown);
    return machine.text(text.replaced(old_text.text(), new_text, limit_argument(given, 2, "count")));
}

Value find(Interpreter& machine, const MarkedString& text, const Arguments& given) {
    const MarkedString& wanted = text_argument(machine, given, 0, "sub");
    machine.charge_search(text.size(), wanted.size());
    const size_t at = text.text().find(wanted.text());
    const int64_t place = at == std::string::npos ? -1 : static_cast<int64_t>(text.substr(0, at).character_starts().size()) - 1;
    return Value::integer(place, text.all_trusted());
}

/// "{} {0} {name}".format(…), without format specifications.
Value format(Interpreter& machine, const MarkedString& text, const Arguments& given) {
    MarkedString made;
    size_t next = 0;
    for (size_t at = 0; at < text.size(); ++at) {
        const char c = text.text()[at];
        if ((c == '{' || c == '}') && at + 1 < text.size() && text.text()[at + 1] == c) made.append(text.substr(at++, 1));
        else if (c != '{') made.append(text.substr(at, 1));
        else {
            const size_t end = text.text().find('}', at);
            if (end == std::string::npos) machine.fail("a format has a '{' without '}'");
            const std::string field = text.text().substr(at + 1, end - at - 1);
            const bool number = !field.empty() && field.size() < 9 && field.find_first_not_of("0123456789") == std::string::npos;
            const Value* value = field.empty() ? given.find(next++, "") : number ? given.find(std::stoul(field), "") : given.find(SIZE_MAX, field);
            if (!value) machine.fail(fmt::format("a format has no value for '{}'", field));
            made.append(to_text(*value));
            machine.limit_bytes(made.size());
            at = end;
        }
    }
    return machine.text(std::move(made));
}

Value without_edge(Interpreter& machine, const MarkedString& text, const Arguments& given, bool prefix) {
    const MarkedString& edge = text_argument(machine, given, 0, "text");
    const bool there = prefix ? text.text().starts_with(edge.text()) : text.text().ends_with(edge.text());
    if (!there) return machine.text(text);
    return machine.text(prefix ? text.substr(edge.size()) : text.substr(0, text.size() - edge.size()));
}

Value text_method(Interpreter& machine, const Value& self, std::string_view name, const Arguments& given) {
    const MarkedString& text = *self.text();
    machine.charge(text.size() / 256);
    if (name == "strip") return strip(machine, text, true, true, given);
    if (name == "lstrip") return strip(machine, text, true, false, given);
    if (name == "rstrip") return strip(machine, text, false, true, given);
    if (name == "split") return split(machine, text, given);
    if (name == "splitlines") {
        auto lines = text.lines();
        machine.charge(lines.size());
        return list_of(std::move(lines), text.all_trusted());
    }
    if (name == "startswith" || name == "endswith") return edge_is(machine, text, given, name == "startswith");
    if (name == "replace") return replace(machine, text, given);
    if (name == "upper") return machine.text(text.with_case(Case::Upper));
    if (name == "lower") return machine.text(text.with_case(Case::Lower));
    if (name == "title") return machine.text(text.with_case(Case::Title));
    if (name == "capitalize") return machine.text(text.with_case(Case::Capitalize));
    if (name == "find") return find(machine, text, given);
    if (name == "format") return format(machine, text, given);
    if (name == "count") {
        const MarkedString& wanted = text_argument(machine, given, 0, "sub");
        machine.charge_search(text.size(), wanted.size());
        return Value::integer(static_cast<int64_t>(occurrences(text.text(), wanted.text())), text.all_trusted());
    }
    if (name == "isdigit") return Value::boolean(!text.empty() && text.text().find_first_not_of("0123456789") == std::string::npos);
    if (name == "removeprefix" || name == "removesuffix") return without_edge(machine, text, given, name == "removeprefix");
    Arguments separator; // "sep".join(list)
    separator.positional.push_back(self);
    if (given.positional.empty()) machine.fail("join lacks a list");
    return machine.filter("join", given.positional[0], separator);
}

Value dict_method(Interpreter& machine, const Value& self, std::string_view name, const Arguments& given) {
    const Dict& dict = *self.dict();
    machine.charge(dict.items.size() / 16);
    if (name == "get") {
        if (given.positional.empty()) machine.fail("get lacks a key");
        const Value* found = dict.find(to_text(given.positional[0]).text());
        const Value* otherwise = given.find(1, "default");
        return found ? *found : otherwise ? *otherwise : Value::none();
    }
    machine.charge(dict.items.size());
    std::vector<Value> made;
    for (const auto& [key, value] : dict.items) {
        if (name == "keys") made.push_back(Value::string(key));
        else if (name == "values") made.push_back(value);
        else made.push_back(Value::list({Value::string(key), value}, self.trusted(), true));
    }
    return Value::list(std::move(made), self.trusted());
}

Value list_method(Interpreter& machine, const Value& self, std::string_view name, const Arguments& given) {
    if (given.positional.empty()) machine.fail(fmt::format("{} lacks a value", name));
    int64_t n = 0;
    for (size_t i = 0; i < self.list()->items.size(); ++i) {
        if (!machine.equal(self.list()->items[i], given.positional[0])) continue;
        if (name == "index") return Value::integer(static_cast<int64_t>(i), self.trusted());
        ++n;
    }
    if (name == "index") machine.fail("a list does not hold the value looked for");
    return Value::integer(n, self.trusted());
}

Value range(Interpreter& machine, const Arguments& given) {
    std::vector<int64_t> numbers;
    for (const Value& value : given.positional) {
        const auto number = value.as_integer();
        if (!number || *number > INT32_MAX || *number < INT32_MIN) machine.fail("range needs whole numbers of moderate size");
        numbers.push_back(*number);
    }
    if (numbers.empty() || numbers.size() > 3) machine.fail("range needs one to three numbers");
    const int64_t start = numbers.size() > 1 ? numbers[0] : 0, stop = numbers.size() > 1 ? numbers[1] : numbers[0];
    const int64_t step = numbers.size() > 2 ? numbers[2] : 1;
    if (step == 0) machine.fail("range needs a step");
    const int64_t n = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
    if (n > kLongestRange) throw Failure{ErrorKind::TooLarge, "a range is too long"};
    machine.charge(static_cast<uint64_t>(std::max<int64_t>(n, 0)));
    bool trusted = true;
    for (const Value& value : given.positional) trusted = trusted && value.trusted();
    std::vector<Value> made;
    for (int64_t i = 0; i < n; ++i) made.push_back(Value::integer(start + i * step, trusted));
    return Value::list(std::move(made), trusted);
}

/// The date that the caller fixed (`now`, seconds since 1970), else today's; as local time.
Value strftime_now(Interpreter& machine, const Arguments& given) {
    const MarkedString& pattern = text_argument(machine, given, 0, "format");
    const Value* fixed = machine.find_global("now");
    const std::time_t now = fixed ? static_cast<std::time_t>(fixed->as_integer().value_or(0)) : std::time(nullptr);
    std::tm parts{};
    if (!localtime_r(&now, &parts) || pattern.size() > 200) machine.fail("the date cannot be written");
    char buffer[1024];
    const size_t n = std::strftime(buffer, sizeof buffer, pattern.text().c_str(), &parts);
    return machine.text({std::string_view(buffer, n), pattern.all_trusted()});
}

/// The template gives up. Only its own words go into the message, never text from outside.
[[noreturn]] void raise_exception(const Arguments& given) {
    std::string message;
    if (!given.positional.empty()) {
        const MarkedString text = to_text(given.positional[0]);
        bool gap = false;
        for (size_t at = 0; at < text.size() && message.size() < 500; ++at) {
            if (text.trusted_at(at)) message += text.text()[at];
            else if (!gap) message += "…";
            gap = !text.trusted_at(at);
        }
    }
    throw Failure{ErrorKind::Damaged, message.empty() ? "it refuses these messages" : message};
}

} // namespace

bool has_method(const Value& value, std::string_view name) {
    const auto in = [&](const auto& names) { return std::ranges::find(names, name) != names.end(); };
    if (value.text()) return in(kTextMethods);
    if (value.dict()) return in(kDictMethods);
    return value.list() && in(kListMethods);
}

Value call_method(Interpreter& machine, const Value& value, std::string_view name, const Arguments& given) {
    if (value.text()) return text_method(machine, value, name, given);
    if (value.dict()) return dict_method(machine, value, name, given);
    return list_method(machine, value, name, given);
}

bool is_function(std::string_view name) { return std::ranges::find(kFunctions, name) != kFunctions.end(); }

Value call_function(Interpreter& machine, std::string_view name, const Arguments& given) {
    if (name == "raise_exception") raise_exception(given);
    if (name == "strftime_now") return strftime_now(machine, given);
    if (name == "range") return range(machine, given);
    Dict made;
    for (const Value& value : given.positional) {
        if (!value.dict()) machine.fail(fmt::format("{} takes names and values", name));
        for (const auto& [key, item] : value.dict()->items) made.set(key, item);
    }
    for (const auto& [key, item] : given.named) made.set({key, true}, item);
    if (name == "dict") return Value::dict(std::move(made));
    auto space = machine.make_namespace();
    for (auto& [key, item] : made.items) space->values.insert_or_assign(key.text(), std::move(item));
    return Value(Value::Held(std::move(space)));
}

} // namespace lectern::jinja

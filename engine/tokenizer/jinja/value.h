// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// What a template computes with: Python's values as Jinja shows them. All are immutable except namespaces. Every value
/// knows whether it comes from trusted text or from data; text knows it byte by byte.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/tokenizer/jinja/marked_string.h"

namespace lectern::jinja {

/// Thrown inside this folder and turned into an Error at its door.
struct Failure {
    ErrorKind kind;
    std::string message;
};

class Value;
struct Macro; // ast.h

struct List {
    std::vector<Value> items;
    bool tuple = false;
};

struct Dict {
    std::vector<std::pair<MarkedString, Value>> items; ///< in order of insertion
    const Value* find(std::string_view key) const;
    void set(MarkedString key, Value value);
};

struct Namespace {
    std::map<std::string, Value, std::less<>> values;
};

/// Something to call: a global function, a macro, or a method of a value.
struct Callable {
    std::string name;
    const Macro* macro = nullptr;
    std::shared_ptr<const Value> self; ///< of a method
};

class Value {
public:
    struct Undefined {};
    struct None {};
    using String = std::shared_ptr<const MarkedString>;
    using Held = std::variant<Undefined, None, bool, int64_t, double, String, std::shared_ptr<const List>,
                              std::shared_ptr<const Dict>, std::shared_ptr<Namespace>, std::shared_ptr<const Callable>>;

    Value() = default;
    explicit Value(Held held, bool trusted = true) : held_(std::move(held)), trusted_(trusted) {}
    static Value none(bool trusted = true) { return Value(None{}, trusted); }
    static Value boolean(bool value, bool trusted = true) { return Value(Held(value), trusted); }
    static Value integer(int64_t value, bool trusted = true) { return Value(Held(value), trusted); }
    static Value number(double value, bool trusted = true) { return Value(Held(value), trusted); }
    static Value string(MarkedString text) {
        return Value(Held(std::make_shared<const MarkedString>(std::move(text))));
    }
    static Value list(std::vector<Value> items, bool trusted = true, bool tuple = false);
    static Value dict(Dict dict, bool trusted = true);

    template <class T>
    const T* get() const {
        return std::get_if<T>(&held_);
    }
    const MarkedString* text() const;
    const List* list() const;
    const Dict* dict() const;
    Namespace* space() const;
    const Callable* callable() const;

    bool is_undefined() const { return get<Undefined>() != nullptr; }
    bool is_none() const { return get<None>() != nullptr; }
    bool is_number() const { return get<bool>() || get<int64_t>() || get<double>(); }
    /// Integers and booleans.
    std::optional<int64_t> as_integer() const;
    std::optional<double> as_number() const;

    /// Text: all its bytes; else where the value was made.
    bool trusted() const { return text() ? text()->all_trusted() : trusted_; }
    bool truthy() const;

private:
    Held held_;
    bool trusted_ = true;
};

/// a == b. Takes what it costs from `budget`. Failure: budget spent, nested too deeply.
bool equal(const Value& a, const Value& b, uint64_t& budget, int depth = 0);
/// "str", "list", …: Python's name of the type, for messages.
std::string_view type_name(const Value& value);

/// str(value), as {{ value }} prints it, and repr(value), as it stands inside a list. Failure: nested too deeply, too
/// long (a list may hold another many times).
MarkedString to_text(const Value& value);
MarkedString to_repr(const Value& value, int depth = 0);
/// JSON as json.dumps(ensure_ascii=False) writes it; `indent` < 0: on one line.
MarkedString to_json(const Value& value, int indent, int depth = 0);

/// JSON to a value in which all text is of one trust. Failure: nested deeper than 64.
Value from_json(const nlohmann::ordered_json& json, bool trusted, int depth = 0);

} // namespace lectern::jinja

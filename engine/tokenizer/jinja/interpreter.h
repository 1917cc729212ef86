// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Runs a parsed template. Work and output are limited; the only way out is the text that it returns.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/jinja/ast.h"

namespace lectern::jinja {

struct Limits {
    uint64_t steps = 1'000'000; ///< evaluated nodes, and one for each 256 bytes of text made
    int calls = 64;             ///< macros inside macros
    int depth = 600;            ///< nodes inside nodes, over all macros
    size_t text_bytes = 8u << 20; ///< of the output, and of any text on the way
};

/// Arguments of a call.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> named;
    /// By place or by name; null if absent.
    const Value* find(size_t place, std::string_view name) const;
};

/// Names that are visible at a place, and those around it.
struct Scope {
    Scope* outer = nullptr;
    std::map<std::string, Value, std::less<>> names;
};

class Interpreter {
public:
    explicit Interpreter(const Limits& limits = {}) : limits_(limits) {}
    ~Interpreter();
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;

    void set(std::string name, Value value) { global_.names.insert_or_assign(std::move(name), std::move(value)); }
    /// Failure: what the template raised, what it did wrong, or a limit.
    MarkedString run(const Block& block);

    // For filters, tests, methods and functions.
    [[noreturn]] void fail(std::string_view what) const;
    void charge(uint64_t steps);
    /// A text value; its bytes are charged and limited.
    Value text(MarkedString made);
    /// Checks a size before it is made, and charges for it.
    void check_bytes(uint64_t bytes);
    /// Checks the size of a text that grows.
    void limit_bytes(uint64_t bytes) const;
    /// Charges for looking for a text of `wanted` bytes in one of `bytes`.
    void charge_search(uint64_t bytes, uint64_t wanted) { charge(bytes / 256 * (1 + wanted / 64)); }
    bool equal(const Value& a, const Value& b);
    Value filter(std::string_view name, const Value& value, const Arguments& arguments);
    bool test(std::string_view name, const Value& value, const Arguments& arguments);
    Value attribute(const Value& value, std::string_view name);
    Value item(const Value& value, const Value& key);
    /// What a loop over the value sees. Failure: the value cannot be iterated.
    std::vector<Value> items(const Value& value);
    std::shared_ptr<Namespace> make_namespace();
    const Value* find_global(std::string_view name) const;

private:
    enum class Flow { Normal, Break, Continue };
    /// Charges for a node and counts nodes inside nodes while it lives.
    class Depth {
    public:
        Depth(Interpreter& machine, int line);
        ~Depth() { --machine_.depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;

    private:
        Interpreter& machine_;
    };

    Flow run(const Block& block, Scope& scope);
    Flow run(const Stmt& statement, Scope& scope);
    Flow run_for(const Stmt& loop, Scope& scope);
    void run_set(const Stmt& statement, Scope& scope);
    void assign(const std::vector<Target>& targets, const Value& value, Scope& scope);
    MarkedString capture(const Block& block, Scope& scope);
    void print(const MarkedString& text);

    Value evaluate(const Expr& expr, Scope& scope);
    Value name(const Expr& expr, const Scope& scope) const;
    Value dict(const Expr& expr, Scope& scope);
    Value slice(const Expr& expr, Scope& scope);
    Value compare(const Expr& expr, Scope& scope);
    Value binary(const Expr& expr, Scope& scope);
    Value negate(const Expr& expr, Scope& scope);
    Value call(const Expr& expr, Scope& scope);
    Value call_macro(const Macro& macro, const Arguments& arguments);
    Arguments arguments(const Expr& expr, Scope& scope);

    const Limits limits_;
    Scope global_;
    uint64_t steps_ = 0;
    int calls_ = 0, depth_ = 0, line_ = 0;
    MarkedString* out_ = nullptr;
    std::vector<const MarkedString*> bodies_;          // of the blocks whose filters are running
    std::vector<std::shared_ptr<Namespace>> spaces_;   // emptied at the end: they may hold each other
};

/// a op b for + - * / // % ** ~.
Value binary_operation(Interpreter& machine, std::string_view op, const Value& a, const Value& b);
/// a op b for == != < <= > >= in, not in.
bool comparison(Interpreter& machine, std::string_view op, const Value& a, const Value& b);

// Each looks its name up in a table of its own; nullptr where there is no such thing.
using FilterFunction = Value (*)(Interpreter&, const Value&, const Arguments&);
using TestFunction = bool (*)(Interpreter&, const Value&, const Arguments&);
FilterFunction find_text_filter(std::string_view name);
FilterFunction find_sequence_filter(std::string_view name);
TestFunction find_test(std::string_view name);
bool has_method(const Value& value, std::string_view name);
Value call_method(Interpreter& machine, const Value& value, std::string_view name, const Arguments& arguments);
bool is_function(std::string_view name);
Value call_function(Interpreter& machine, std::string_view name, const Arguments& arguments);

} // namespace lectern::jinja

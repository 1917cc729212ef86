// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/jinja/interpreter.h"

#include <algorithm>

#include <fmt/format.h>

namespace lectern::jinja {
namespace {

constexpr uint64_t kBytesPerStep = 256;

Scope inside(Scope& outer) { return Scope{&outer, {}}; }

} // namespace

Interpreter::Depth::Depth(Interpreter& machine, int line) : machine_(machine) {
    machine.line_ = line;
    machine.charge(1);
    if (machine.depth_ >= machine.limits_.depth)
        throw Failure{ErrorKind::TooLarge, fmt::format("line {}: it calls itself too deeply", line)};
    ++machine.depth_;
}

const Value* Arguments::find(size_t place, std::string_view name) const {
    if (place < positional.size()) return &positional[place];
    for (const auto& [key, value] : named)
        if (key == name) return &value;
    return nullptr;
}

Interpreter::~Interpreter() {
    for (const auto& space : spaces_) space->values.clear();
}

void Interpreter::fail(std::string_view what) const {
    throw Failure{ErrorKind::Damaged, fmt::format("line {}: {}", line_, what)};
}

void Interpreter::charge(uint64_t steps) {
    steps_ += steps;
    if (steps_ > limits_.steps) throw Failure{ErrorKind::TooLarge, fmt::format("line {}: it takes too many steps", line_)};
}

void Interpreter::limit_bytes(uint64_t bytes) const {
    if (bytes > limits_.text_bytes) throw Failure{ErrorKind::TooLarge, fmt::format("line {}: its text gets too long", line_)};
}

void Interpreter::check_bytes(uint64_t bytes) {
    limit_bytes(bytes);
    charge(bytes / kBytesPerStep);
}

bool Interpreter::equal(const Value& a, const Value& b) {
    const uint64_t before = limits_.steps - steps_;
    uint64_t budget = before;
    const bool same = jinja::equal(a, b, budget);
    charge(before - budget);
    return same;
}

Value Interpreter::text(MarkedString made) {
    check_bytes(made.size());
    return Value::string(std::move(made));
}

std::shared_ptr<Namespace> Interpreter::make_namespace() {
    spaces_.push_back(std::make_shared<Namespace>());
    return spaces_.back();
}

const Value* Interpreter::find_global(std::string_view name) const {
    const auto found = global_.names.find(name);
    return found == global_.names.end() ? nullptr : &found->second;
}

MarkedString Interpreter::run(const Block& block) { return capture(block, global_); }

MarkedString Interpreter::capture(const Block& block, Scope& scope) {
    MarkedString text;
    MarkedString* before = std::exchange(out_, &text);
    run(block, scope);
    out_ = before;
    return text;
}

void Interpreter::print(const MarkedString& text) {
    charge(text.size() / kBytesPerStep);
    limit_bytes(out_->size() + text.size());
    out_->append(text);
}

Interpreter::Flow Interpreter::run(const Block& block, Scope& scope) {
    for (const auto& statement : block)
        if (const Flow flow = run(*statement, scope); flow != Flow::Normal) return flow;
    return Flow::Normal;
}

Interpreter::Flow Interpreter::run(const Stmt& s, Scope& scope) {
    const Depth depth(*this, s.line);
    switch (s.kind) {
    case StmtKind::Text: print({s.text, true}); break;
    case StmtKind::Output: print(to_text(evaluate(*s.expr, scope))); break;
    case StmtKind::If:
        for (const auto& [condition, body] : s.branches)
            if (!condition || evaluate(*condition, scope).truthy()) return run(body, scope);
        break;
    case StmtKind::For: return run_for(s, scope);
    case StmtKind::Set:
    case StmtKind::SetBlock:
    case StmtKind::Filter: run_set(s, scope); break;
    case StmtKind::Macro:
        scope.names[s.macro->name] = Value(Value::Held(std::make_shared<const Callable>(Callable{s.macro->name, s.macro.get(), nullptr})));
        break;
    case StmtKind::With: {
        Scope inner = inside(scope);
        for (const auto& [name, expr] : s.assignments) inner.names[name] = evaluate(*expr, scope);
        return run(s.body, inner);
    }
    case StmtKind::Break: return Flow::Break;
    case StmtKind::Continue: return Flow::Continue;
    }
    return Flow::Normal;
}

void Interpreter::run_set(const Stmt& s, Scope& scope) {
    if (s.kind == StmtKind::Set) return assign(s.targets, evaluate(*s.expr, scope), scope);
    Scope inner = inside(scope);
    const MarkedString body = capture(s.body, inner);
    bodies_.push_back(&body);
    const Value value = evaluate(*s.expr, scope);
    bodies_.pop_back();
    if (s.kind == StmtKind::SetBlock) assign(s.targets, value, scope);
    else print(to_text(value));
}

void Interpreter::assign(const std::vector<Target>& targets, const Value& value, Scope& scope) {
    if (targets.size() > 1) {
        const std::vector<Value> parts = items(value);
        if (parts.size() != targets.size())
            fail(fmt::format("{} values for {} names", parts.size(), targets.size()));
        for (size_t i = 0; i < targets.size(); ++i) assign({targets[i]}, parts[i], scope);
        return;
    }
    const Target& target = targets.front();
    if (target.attribute.empty()) {
        scope.names.insert_or_assign(target.name, value);
        return;
    }
    for (Scope* at = &scope; at; at = at->outer)
        if (const auto found = at->names.find(target.name); found != at->names.end()) {
            Namespace* space = found->second.space();
            if (!space) break;
            space->values.insert_or_assign(target.attribute, value);
            return;
        }
    fail(fmt::format("{} is no namespace", target.name));
}

namespace {

/// The variable `loop` of one round.
Value loop_value(const std::vector<Value>& items, size_t i) {
    const auto n = static_cast<int64_t>(items.size()), at = static_cast<int64_t>(i);
    Dict loop;
    const auto put = [&](std::string_view name, Value value) { loop.items.emplace_back(MarkedString(name, true), std::move(value)); };
    put("index", Value::integer(at + 1));
    put("index0", Value::integer(at));
    put("revindex", Value::integer(n - at));
    put("revindex0", Value::integer(n - at - 1));
    put("first", Value::boolean(i == 0));
    put("last", Value::boolean(i + 1 == items.size()));
    put("length", Value::integer(n));
    put("previtem", i > 0 ? items[i - 1] : Value());
    put("nextitem", i + 1 < items.size() ? items[i + 1] : Value());
    return Value::dict(std::move(loop));
}

} // namespace

Interpreter::Flow Interpreter::run_for(const Stmt& loop, Scope& scope) {
    std::vector<Value> all = items(evaluate(*loop.expr, scope));
    if (loop.condition) {
        std::vector<Value> kept;
        for (Value& one : all) {
            Scope inner = inside(scope);
            assign(loop.targets, one, inner);
            if (evaluate(*loop.condition, inner).truthy()) kept.push_back(std::move(one));
        }
        all = std::move(kept);
    }
    if (all.empty()) {
        Scope inner = inside(scope);
        return run(loop.otherwise, inner);
    }
    for (size_t i = 0; i < all.size(); ++i) {
        charge(1);
        Scope inner = inside(scope);
        assign(loop.targets, all[i], inner);
        inner.names.insert_or_assign("loop", loop_value(all, i));
        if (run(loop.body, inner) == Flow::Break) break;
    }
    return Flow::Normal;
}

Value Interpreter::call_macro(const Macro& macro, const Arguments& arguments) {
    if (arguments.positional.size() > macro.parameters.size()) fail(fmt::format("{} takes {} arguments", macro.name, macro.parameters.size()));
    for (const auto& [name, value] : arguments.named)
        if (std::ranges::find(macro.parameters, name, [](const auto& p) { return p.first; }) == macro.parameters.end())
            fail(fmt::format("{} has no argument {}", macro.name, name));
    if (calls_ >= limits_.calls) throw Failure{ErrorKind::TooLarge, fmt::format("line {}: it calls itself too deeply", line_)};
    ++calls_;
    Scope scope = inside(global_); // macros see the names of the whole template
    for (size_t i = 0; i < macro.parameters.size(); ++i) {
        const auto& [name, otherwise] = macro.parameters[i];
        const Value* given = arguments.find(i, name);
        scope.names.insert_or_assign(name, given ? *given : otherwise ? evaluate(*otherwise, scope) : Value());
    }
    Value made = text(capture(macro.body, scope));
    --calls_;
    return made;
}

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A parsed template.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/tokenizer/jinja/value.h"

namespace lectern::jinja {

enum class ExprKind {
    Constant,  ///< constant
    Name,      ///< name
    List,      ///< args
    Tuple,     ///< args
    Dict,      ///< args: key, value, key, value, …
    Attribute, ///< args[0] . name
    Index,     ///< args[0] [ args[1] ]
    Slice,     ///< args[0] [ args[1] : args[2] : args[3] ], each of the three may be null
    Call,      ///< args[0] ( args[1]…, named )
    Filter,    ///< args[0] | name ( args[1]…, named )
    Test,      ///< args[0] is name ( args[1]… )
    Negate,    ///< - args[0]
    Plus,      ///< + args[0]
    Not,       ///< not args[0]
    And,       ///< args[0] and args[1]
    Or,        ///< args[0] or args[1]
    Binary,    ///< args[0] name args[1]; name is + - * / // % ** ~
    Compare,   ///< args[0] operators[0] args[1] operators[1] args[2] …
    If,        ///< args[0] if args[1] else args[2], which may be null
    Body,      ///< the text of the block that a filter block or a set block holds
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
    ExprKind kind;
    int line = 0;
    int depth = 1; ///< 1 + the deepest of its parts
    Value constant;
    std::string name;
    std::vector<ExprPtr> args;
    std::vector<std::pair<std::string, ExprPtr>> named;
    std::vector<std::string> operators;
};

enum class StmtKind {
    Text,     ///< text
    Output,   ///< expr
    If,       ///< branches; a null condition is else
    For,      ///< targets in expr if condition: body, else: otherwise
    Set,      ///< targets = expr
    SetBlock, ///< targets[0] = filters of the text of body (expr holds Body)
    Filter,   ///< expr holds Body, of the text of body
    Macro,    ///< macro
    With,     ///< assignments, then body in a scope of its own
    Break,
    Continue,
};

struct Stmt;
using Block = std::vector<std::unique_ptr<Stmt>>;

/// name, or name.attribute of a namespace.
struct Target {
    std::string name, attribute;
};

struct Macro {
    std::string name;
    std::vector<std::pair<std::string, ExprPtr>> parameters; ///< with their defaults, null where there is none
    Block body;
};

struct Stmt {
    StmtKind kind;
    int line = 0;
    std::string text;
    ExprPtr expr, condition;
    std::vector<Target> targets;
    std::vector<std::pair<ExprPtr, Block>> branches;
    std::vector<std::pair<std::string, ExprPtr>> assignments;
    Block body, otherwise;
    std::unique_ptr<Macro> macro;
};

} // namespace lectern::jinja

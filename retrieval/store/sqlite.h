// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// SQLite for the inside of retrieval: connections, statements and transactions that close themselves.
///
/// Inside this room a failure is the exception StoreFailure; guarded() turns it into a Result at the room's door, so
/// none leaves. A connection and its statements are used by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>

#include "engine/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lectern {

struct StoreFailure {
    Error error;
};

[[noreturn]] void store_failure(ErrorKind kind, std::string message);

/// Runs `body` and returns what it returns, or the error that it threw.
template <class Body> auto guarded(Body&& body) -> Result<std::invoke_result_t<Body>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
            body();
            return {};
        } else {
            return body();
        }
    } catch (const StoreFailure& failure) {
        return failure.error;
    } catch (const std::bad_alloc&) {
        return Error{ErrorKind::OutOfMemory, "The library needs more memory than there is; close other programs."};
    } catch (const std::exception& failure) {
        return Error{ErrorKind::Internal, std::string("The library failed: ") + failure.what()};
    }
}

struct CloseConnection {
    void operator()(sqlite3* db) const noexcept;
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* s) const noexcept;
};

/// One prepared statement. Parameters are numbered from 1, columns from 0.
class Statement {
public:
    Statement(sqlite3* db, std::string_view sql);

    /// Binds all parameters in order: integers, ids, bool, double, text, bytes, std::nullopt.
    template <class... Args> Statement& bind(const Args&... args) {
        reset();
        int index = 0;
        (bind_one(++index, args), ...);
        return *this;
    }
    bool step(); ///< true: there is a row
    void run();  ///< to the end, then reset
    void reset();

    int64_t integer(int column);
    double real(int column);
    std::string text(int column);
    std::span<const std::byte> blob(int column); ///< until the next step
    bool is_null(int column);
    template <class Id> Id id(int column) { return static_cast<Id>(integer(column)); }

private:
    template <class T> void bind_one(int index, const T& value) {
        if constexpr (std::is_same_v<T, std::nullopt_t>)
            bind_null(index);
        else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
            bind_integer(index, static_cast<int64_t>(value));
        else if constexpr (std::is_floating_point_v<T>)
            bind_real(index, value);
        else if constexpr (std::is_convertible_v<T, std::string_view>)
            bind_text(index, value);
        else if constexpr (requires { value.has_value(); }) {
            if (value)
                bind_one(index, *value);
            else
                bind_null(index);
        } else
            bind_blob(index, std::span<const std::byte>(value));
    }
    void bind_null(int index);
    void bind_integer(int index, int64_t value);
    void bind_real(int index, double value);
    void bind_text(int index, std::string_view value);
    void bind_blob(int index, std::span<const std::byte> value);
    void check(int code);

    sqlite3* db_;
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
};

class Connection {
public:
    enum class Role { Reader, Writer };
    /// Opens the file, which must exist. A reader is query_only and never checkpoints, not even when it closes.
    Connection(const std::filesystem::path& file, Role role);

    Statement prepare(std::string_view sql) { return Statement(handle(), sql); }
    /// One or more statements without parameters and results.
    void execute(const std::string& sql);
    /// A statement that yields one integer.
    template <class... Args> int64_t integer(std::string_view sql, const Args&... args) {
        Statement statement = prepare(sql);
        return statement.bind(args...).step() ? statement.integer(0) : 0;
    }
    int64_t last_id();
    int64_t total_changes();
    /// Moves the log into the file and empties it. False: a reader still needs a part of it.
    bool checkpoint_truncate();
    /// SQLite guards the inside of virtual tables; rebuilding a broken one must reach it.
    void set_defensive(bool on);
    sqlite3* handle() { return db_.get(); }

private:
    std::unique_ptr<sqlite3, CloseConnection> db_;
};

/// BEGIN IMMEDIATE; rolled back unless committed.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

/// BEGIN: all reads until its end see one moment.
class ReadTransaction {
public:
    explicit ReadTransaction(Connection& connection);
    ~ReadTransaction();
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

private:
    Connection& connection_;
};

/// While it lives, a stop request interrupts what the connection is running, which then fails as Cancelled.
class InterruptOnStop {
public:
    InterruptOnStop(Connection& connection, std::stop_token stop);
    ~InterruptOnStop();

private:
    struct Callback;
    std::unique_ptr<Callback> callback_;
};

/// Throws Cancelled when a stop was requested.
void throw_if_stopped(const std::stop_token& stop);

} // namespace lectern

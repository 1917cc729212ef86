// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// How a function at a room's door fails: a kind from a closed list and one sentence of facts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "engine/base/ensure.h"

namespace lectern {

enum class ErrorKind {
    NotFound,
    NoPermission,
    Locked, ///< encrypted, needs a password
    Damaged,
    Unsupported,
    TooLarge,
    DiskFull,
    OutOfMemory,
    Device,
    Busy, ///< another process or call holds it
    Cancelled,
    Internal,
};

/// The kind in snake_case, as JSON and logs write it: "no_permission".
std::string_view to_string(ErrorKind kind) noexcept;

struct Error {
    ErrorKind kind = ErrorKind::Internal;
    /// One English sentence: which file, what is wrong, what to do. Never text from inside a document.
    std::string message;
};

/// An error from errno after a failed system call on `path`: "cannot open /a/b: permission denied".
Error error_from_errno(int code, std::string_view what, std::string_view path);

/// A value or an Error. The standard's names (std::expected), so that moving later is nearly a rename.
template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : v_(std::in_place_index<1>, std::move(error)) {}
    /// From a value that converts to T: a unique_ptr<Derived> where a unique_ptr<Base> is promised.
    template <class U>
        requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, T>)
    Result(U&& value) : v_(std::in_place_index<0>, std::forward<U>(value)) {}

    bool has_value() const noexcept { return v_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T operator*() && { return std::move(value()); } // by value: `for (auto& x : *f())` must not outlive f's result
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const {
        ENSURE(!has_value(), "error() of a result that has a value");
        return *std::get_if<1>(&v_);
    }

private:
    T& value() {
        ENSURE(has_value(), error_text());
        return *std::get_if<0>(&v_);
    }
    const T& value() const {
        ENSURE(has_value(), error_text());
        return *std::get_if<0>(&v_);
    }
    std::string error_text() const { return has_value() ? std::string() : std::get_if<1>(&v_)->message; }

    std::variant<T, Error> v_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : v_(std::move(error)) {}

    bool has_value() const noexcept { return v_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    const Error& error() const {
        ENSURE(!has_value(), "error() of a result that has a value");
        return *std::get_if<1>(&v_);
    }

private:
    std::variant<std::monostate, Error> v_;
};

} // namespace lectern

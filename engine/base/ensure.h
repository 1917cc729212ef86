// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// ENSURE(condition, facts): our own bugs stop the program with a sentence, in release builds too.
/// Not for wrong input, which is a Result.
#pragma once

#include <string_view>

namespace lectern {

[[noreturn]] void ensure_failed(const char* condition, const char* file, int line, std::string_view facts) noexcept;

} // namespace lectern

#define ENSURE(condition, facts)                                                                                       \
    (static_cast<bool>(condition) ? void(0) : ::lectern::ensure_failed(#condition, __FILE__, __LINE__, (facts)))

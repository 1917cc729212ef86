// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The numbers of things in a library, as types. Positive, never reused; 0 is nobody.
#pragma once

#include <cstdint>
#include <type_traits>

namespace lectern {

enum class DocumentId : int64_t {};
enum class ChunkId : int64_t {};
enum class ChatId : int64_t {};
enum class TurnId : int64_t {};
enum class JobId : int64_t {};

/// The number itself, for JSON, SQL and messages.
template <class Id>
requires(std::is_enum_v<Id>) constexpr int64_t number(Id id) { return static_cast<int64_t>(id); }

} // namespace lectern

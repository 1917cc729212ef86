// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The tables of library.sqlite and how an older file becomes a newer one. STORE_FORMAT.md describes them.
#pragma once

#include "retrieval/store/sqlite.h"

namespace lectern {

constexpr int kSchemaVersion = 1;
constexpr int kApplicationId = 0x4C454354; ///< "LECT"

/// Brings the file to kSchemaVersion, each step in one transaction. `file` is for the sentences.
/// Throws Unsupported: the file is of a newer Lectern, or not a library at all.
void migrate(Connection& writer, const std::string& file);

/// For readers: throws when the file is not a library of exactly this version.
void check_version(Connection& reader, const std::string& file);

} // namespace lectern

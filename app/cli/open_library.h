// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The library that a command works on.
#pragma once

#include <memory>
#include <string>

#include "app/cli/cli.h"
#include "app/library_session.h"

namespace lectern::cli {

struct LibraryOptions {
    CommonOptions common;
    std::string folder; ///< empty: the user's library
};

/// --library, --threads and --json.
void add_library_option(CLI::App& command, LibraryOptions& options);

Result<std::unique_ptr<LibrarySession>> open_library(const LibraryOptions& options, Access access);

} // namespace lectern::cli

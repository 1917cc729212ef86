// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/cli/open_library.h"

#include <CLI/CLI.hpp>

#include "app/paths.h"

namespace lectern::cli {

void add_library_option(CLI::App& command, LibraryOptions& options) {
    command.add_option("--library", options.folder, "The library's folder; without it the user's own");
    add_json_option(command, options.common);
}

Result<std::unique_ptr<LibrarySession>> open_library(const LibraryOptions& options, Access access) {
    LibrarySession::Options open;
    open.folder = options.folder.empty() ? default_library() : std::filesystem::path(options.folder);
    open.access = access;
    open.encoder = encoder_file();
    open.threads = options.common.threads;
    return LibrarySession::open(open);
}

} // namespace lectern::cli

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// lectern-cli: everything but the window.
#include <CLI/CLI.hpp>

#include "app/cli/cli.h"
#include "app/paths.h"
#include "engine/base/log.h"

int main(int argc, char** argv) {
    using namespace lectern;
    CLI::App app("Lectern reads long documents with you: it finds, answers and cites, on this machine.", "lectern-cli");
    app.require_subcommand(1);
    app.set_version_flag("--version", LECTERN_VERSION);
    cli::Action action;
    cli::add_library_commands(app, action);
    cli::add_ask_command(app, action);
    cli::add_model_commands(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? cli::kDone : cli::kWrongUsage;
    }
    if (auto logs = init_logs(log_folder(), "info"); !logs) log("app").warning(logs.error().message);
    const int status = action();
    flush_logs();
    return status;
}

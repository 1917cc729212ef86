// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What the commands of lectern-cli share: their options, how they fail, how they stop.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/engine_client.h"
#include "engine/base/error.h"

namespace CLI {
class App;
}

namespace lectern::cli {

/// Exit statuses.
constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

/// Options that many commands have.
struct CommonOptions {
    bool json = false;
    std::string models;
    std::string backend = "cpu";
    std::string kv;
    int threads = 0;

    std::vector<std::filesystem::path> model_folders() const;
    std::optional<KvType> kv_type() const;
};

void add_json_option(CLI::App& command, CommonOptions& options);
void add_model_options(CLI::App& command, CommonOptions& options);

/// Ends with the first SIGINT or SIGTERM; the second one ends the program.
std::stop_token interrupt_token();

/// Prints the sentence to stderr (and, with `json`, an error event to stdout); returns kFailed.
int fail(const Error& error, bool json);

/// A command that was chosen on the command line; run after parsing.
using Action = std::function<int()>;

void add_model_commands(CLI::App& app, Action& action);
void add_library_commands(CLI::App& app, Action& action);
void add_ask_command(CLI::App& app, Action& action);

} // namespace lectern::cli

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/cli/cli.h"

#include <csignal>
#include <cstdio>

#include <unistd.h>

#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/paths.h"

namespace lectern::cli {
namespace {

std::stop_source g_interrupt;
int g_interrupt_pipe[2];

void on_signal(int signal) {
    static volatile std::sig_atomic_t seen = 0;
    if (seen) ::_exit(128 + signal);
    seen = 1;
    const char byte = 1;
    (void)!::write(g_interrupt_pipe[1], &byte, 1); // what may be done in a handler: a thread does the rest
}

} // namespace

std::vector<std::filesystem::path> CommonOptions::model_folders() const { return lectern::model_folders(models); }

std::optional<KvType> CommonOptions::kv_type() const {
    if (kv == "f32") return KvType::F32;
    if (kv == "bf16") return KvType::Bf16;
    return std::nullopt;
}

void add_json_option(CLI::App& command, CommonOptions& options) {
    command.add_flag("--json", options.json, "Machine-readable output");
}

void add_model_options(CLI::App& command, CommonOptions& options) {
    command.add_option("--models", options.models, "Folder in which model names are looked up first");
    command.add_option("--backend", options.backend, "reference, cpu or cuda")->check(CLI::IsMember({"reference", "cpu", "cuda"}));
    command.add_option("--threads", options.threads, "Threads of the engine; 0: one a core")->check(CLI::Range(0, 1024));
    command.add_option("--kv", options.kv, "How keys and values are kept: f32 or bf16")->check(CLI::IsMember({"f32", "bf16"}));
}

std::stop_token interrupt_token() {
    static const bool installed = [] {
        if (::pipe(g_interrupt_pipe) != 0) return false;
        std::thread([] {
            char byte;
            if (::read(g_interrupt_pipe[0], &byte, 1) == 1) g_interrupt.request_stop();
        }).detach();
        std::signal(SIGINT, on_signal);
        std::signal(SIGTERM, on_signal);
        return true;
    }();
    (void)installed;
    return g_interrupt.get_token();
}

int fail(const Error& error, bool json) {
    if (json) {
        const nlohmann::json event = {{"event", "error"}, {"kind", to_string(error.kind)}, {"message", error.message}};
        std::printf("%s\n", event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    }
    std::fprintf(stderr, "lectern-cli: %s\n", error.message.c_str());
    return kFailed;
}

} // namespace lectern::cli

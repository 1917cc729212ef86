// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/paths.h"

#include <cstdlib>

namespace lectern {
namespace fs = std::filesystem;
namespace {

fs::path from_environment(const char* variable) {
    const char* value = std::getenv(variable);
    return value ? fs::path(value) : fs::path();
}

/// XDG base directories: a relative path in the variable is to be ignored.
fs::path xdg_folder(const char* variable, const char* below_home) {
    const fs::path set = from_environment(variable);
    if (set.is_absolute()) return set / "lectern";
    const fs::path home = from_environment("HOME");
    return (home.empty() ? fs::path("/") : home) / below_home / "lectern";
}

} // namespace

fs::path resources_folder() {
    if (const fs::path set = from_environment("LECTERN_RESOURCES"); !set.empty()) return set;
    std::error_code ec;
    const fs::path program = fs::read_symlink("/proc/self/exe", ec);
    return program.parent_path().parent_path() / "share" / "lectern";
}

fs::path data_folder() { return xdg_folder("XDG_DATA_HOME", ".local/share"); }
fs::path log_folder() { return xdg_folder("XDG_STATE_HOME", ".local/state") / "logs"; }
fs::path default_library() { return data_folder() / "library"; }

std::vector<fs::path> model_folders(const std::string& named) {
    std::vector<fs::path> folders;
    if (!named.empty()) folders.push_back(named);
    if (const fs::path set = from_environment("LECTERN_MODELS"); !set.empty()) folders.push_back(set);
    folders.push_back(data_folder() / "models");
    folders.push_back(resources_folder());
    return folders;
}

fs::path encoder_file() { return data_folder() / "models" / "all-minilm-l6-v2.gguf"; }

} // namespace lectern

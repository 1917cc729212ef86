// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Where things are (CONTRACTS section 1): resources, the user's data, logs, models.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lectern {

/// $LECTERN_RESOURCES, else <exe>/../share/lectern.
std::filesystem::path resources_folder();
/// $XDG_DATA_HOME/lectern, else ~/.local/share/lectern.
std::filesystem::path data_folder();
/// $XDG_STATE_HOME/lectern/logs, else ~/.local/state/lectern/logs.
std::filesystem::path log_folder();
std::filesystem::path default_library();
/// Where a model's name is looked up: `named` (--models) if not empty, $LECTERN_MODELS, the data folder, resources.
std::vector<std::filesystem::path> model_folders(const std::string& named = {});
/// The encoder that set-up puts into the data folder.
std::filesystem::path encoder_file();

} // namespace lectern

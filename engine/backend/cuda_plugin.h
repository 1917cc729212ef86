// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Finds and opens the CUDA plug-in, liblectern-cuda.so: in $LECTERN_LIBEXEC, else in ../lib/lectern beside the program,
/// nowhere else.
#pragma once

#include <filesystem>

#include "engine/backend/plugin_abi.h"
#include "engine/base/error.h"

namespace lectern {

std::filesystem::path cuda_plugin_path();

/// The plug-in's backend on the first GPU. `host` outlives it. The library stays loaded: the CUDA runtime inside does not
/// survive being unloaded.
/// Errors: NotFound (no plug-in there), Unsupported (another version, no driver or an old one, no GPU, a card that it
/// was not built for), OutOfMemory, Device. Each is one sentence, for the one who then goes on with the CPU.
Result<LecternBackendV1> open_cuda_plugin(const std::filesystem::path& path, const LecternHostV1& host);

/// A plug-in's status and sentence as an Error.
Error plugin_error(int32_t status, const LecternMessage& message);

} // namespace lectern

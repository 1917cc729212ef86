// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// safetensors: single file or sharded folder, every bound checked. Layout: docs/formats.md.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/base/error.h"
#include "engine/formats/model_file.h"

namespace lectern {

/// Tensors of one file, names as stored; bytes point into the map. A tensor of a type we cannot hold is Unsupported.
/// Errors: NotFound, NoPermission, Damaged, Unsupported.
Result<std::vector<Tensor>> read_safetensors(const std::filesystem::path& file);
Result<std::vector<Tensor>> parse_safetensors(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                                              const std::filesystem::path& name_for_messages);

/// Tensors of a checkpoint folder: model.safetensors, else what model.safetensors.index.json lists, else the one
/// *.safetensors there is. File names in the index must be plain names.
Result<std::vector<Tensor>> read_safetensors_folder(const std::filesystem::path& folder);

/// Writes tensors (as they are stored) to one file, atomically. Supports F32, F16, BF16, I64, I32, F64.
Result<void> write_safetensors(const std::filesystem::path& file, std::span<const Tensor> tensors);

} // namespace lectern

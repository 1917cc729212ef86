// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// From a path to a ModelFile in GGUF's dialect, whatever lies there.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/formats/model_file.h"

namespace lectern {

/// Opens a GGUF file (or the first of a split), a Hugging Face folder (config.json beside safetensors), or a folder that
/// holds one GGUF file.
/// Errors: NotFound, NoPermission, Damaged, Unsupported (an architecture we do not know: says which we do).
Result<ModelFile> open_checkpoint(const std::filesystem::path& path);

/// Where MODEL is: a path that exists, else NAME.gguf or NAME/ in the folders, in their order.
/// Errors: NotFound, naming where was looked.
Result<std::filesystem::path> find_model(std::string_view model, const std::vector<std::filesystem::path>& folders);

/// `model` with its weights stored as `type`, except small and sensitive tensors, which stay float32: vectors, norms,
/// routers, convolutions, position and type embeddings. Rows that are no multiple of the block become f16.
/// Errors: Unsupported (a type that we do not write).
Result<ModelFile> with_weights_as(const ModelFile& model, TensorType type);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// GGUF v2/v3: reading with every bound checked, writing v3. Layout and checks: docs/formats.md.
#pragma once

#include <filesystem>

#include "engine/base/error.h"
#include "engine/formats/model_file.h"

namespace lectern {

/// Maps the file (and its sibling parts, if it is the first of a split) and checks every length, offset and type before
/// anything is used. Tensor bytes point into the map.
/// Errors: NotFound, NoPermission, Damaged (truncated or inconsistent: says where), Unsupported (version, tensor type).
Result<ModelFile> read_gguf(const std::filesystem::path& path);

/// The same from bytes in memory, for fuzzing and tests; `owner` keeps them alive. One part only.
Result<ModelFile> parse_gguf(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                             const std::filesystem::path& name_for_messages);

/// Writes `model` as GGUF v3, atomically, tensors in the order they have. Integers become u32 where they fit, else
/// i64; keys that GGUF readers want signed arrays for (head_count_kv, token_type) become i32 arrays; floats f32.
Result<void> write_gguf(const std::filesystem::path& path, const ModelFile& model);

} // namespace lectern

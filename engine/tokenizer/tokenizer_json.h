// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Translates a Hugging Face folder's tokenizer files (tokenizer.json, tokenizer_config.json, generation_config.json,
/// chat_template.jinja, or tokenizer.model is refused with a sentence) to GGUF's tokenizer.* metadata.
#pragma once

#include <filesystem>

#include "engine/base/error.h"
#include "engine/formats/model_file.h"

namespace lectern {

/// Adds tokenizer.ggml.* and tokenizer.chat_template to `metadata`, padding the vocabulary to `vocab_size` as GGUF
/// converters do ([PAD<id>], unused). A folder without tokenizer.json gets tokenizer.ggml.model = "none".
/// Errors: Damaged, Unsupported (names the unknown normalizer, pre-tokenizer or model).
Result<void> import_tokenizer(const std::filesystem::path& folder, uint64_t vocab_size, Metadata& metadata);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Where the words and blocks of a page stand, as the bytes in pages.layout (STORE_FORMAT.md, "Page layout").
///
/// About 10 bytes a word: the columns are split into planes of equal significance before zstd sees them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "ingest/document/document.h"

namespace lectern {

std::vector<std::byte> encode_layout(const Page& page);

/// Fills page.blocks and page.words; offsets are checked against page.text. Errors: Damaged.
Result<void> decode_layout(std::span<const std::byte> bytes, Page& page);

} // namespace lectern

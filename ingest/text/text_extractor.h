// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Plain text and Markdown: pages cut at blank lines, without places, because such a file has no paper.
#pragma once

#include "ingest/worker/extractor.h"

namespace lectern {

/// UTF-8, UTF-16 with a byte order mark, else Windows-1252. A form feed ends a page; otherwise a page ends at the first blank
/// line behind 3,000 bytes, or at 6,000. Lines keep their indentation. Pages have size 0 and no words.
/// Failures: TooLarge (over 64 MiB or too many pages).
Parsed<std::unique_ptr<Extractor>> open_text(std::span<const char> bytes, FileKind kind);

} // namespace lectern

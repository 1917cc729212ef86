// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What a file is, by its bytes; never by its name.
#pragma once

#include <span>

#include "ingest/worker/parse_values.h"

namespace lectern {

/// Looks at the first 64 KiB (and, for a PDF behind junk, for an object behind them).
FileKind sniff(std::span<const char> bytes);

} // namespace lectern

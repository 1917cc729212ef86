// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// PDF by way of Poppler. This room and lectern-parse are the only ones that know it.
#pragma once

#include "ingest/worker/extractor.h"

namespace lectern {

/// Failures: Locked (the password, tried as user's and as owner's, does not open it), Damaged, TooLarge (over 2 GiB or
/// too many pages). A file that Poppler repairs opens.
Parsed<std::unique_ptr<Extractor>> open_pdf(std::span<const char> bytes, const std::string& password);

} // namespace lectern

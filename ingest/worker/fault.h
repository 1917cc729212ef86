// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Faults on purpose, in lectern-parse-faulty only: a page whose text says "FAULT crash" crashes, and so on. The product's
/// lectern-parse is compiled without them.
#pragma once

#include "ingest/document/document.h"

namespace lectern {

#ifdef LECTERN_PARSE_FAULTS
/// crash, hang, memory, garbage (a broken record), flood (of stderr), socket, exec: the process ends or is to be ended.
/// write, fork: tries it, and gives the page the text "REFUSED" or "ALLOWED".
void inject_fault(Page& page);
#else
inline void inject_fault(Page&) {}
#endif

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What the parse process gives up before it reads a byte of a document.
#pragma once

#include <cstdint>

namespace lectern {

/// Confines this process for good: no new privileges, no core dumps, no files written, memory, handles and processor time
/// limited, system calls on an allow list (no sockets, no programs, no processes or threads, no files opened for writing,
/// no new executable memory), and, where the kernel has Landlock, reading only of fonts and poppler-data.
///
/// `document_bytes` is mapped on top of the memory limit. Calls outside the list fail with ENOSYS; sockets, exec, ptrace end
/// the process. False where the limits or the filter cannot be set: then nothing may be parsed. Landlock may be missing.
bool confine(uint64_t document_bytes);

/// Grants the next step (a page) its share of processor time, counted from now.
void renew_cpu_limit();

} // namespace lectern

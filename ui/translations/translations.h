// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// English needs a table too: "1 page", "2 pages". Other languages are tables beside it.
#pragma once

namespace lectern {

/// Gives the application the English plural forms. Needs a QCoreApplication; more than one call does no harm.
void installEnglishPlurals();

} // namespace lectern

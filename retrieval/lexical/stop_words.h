// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Words too common to search for, in English, French and German.
#pragma once

#include <string_view>

namespace lectern {

/// `word` is folded: lower case, without diacritics.
bool is_stop_word(std::string_view word);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Letters compared without case and accents.
#pragma once

#include <string>

namespace lectern {

/// A letter, a digit, or a mark that belongs to a letter.
bool is_word_character(char32_t c);
/// Appends the character lower-case and without accents; ligatures become their letters.
void append_folded(std::string& to, char32_t c);

} // namespace lectern

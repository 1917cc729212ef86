// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The text of one word or line as it may stand in a page's text: valid UTF-8, no control characters, ligatures spelled.
#pragma once

#include <string>
#include <string_view>

namespace lectern {

/// Cleans the text of one word: wrong bytes become U+FFFD; control characters, U+00AD, zero-width and bidirectional
/// marks go; ff, fi, fl, ffi, ffl, st ligatures are spelled out; every run of white space is one space, none at the ends.
std::string clean_word_text(std::string_view text);

/// The same for a line of a text file: white space inside and at the start stays as it is (tabs too), none at the end.
std::string clean_line_text(std::string_view line);

/// A word of a right-to-left script whose characters stand in the order of their places on the page (from the left), in the
/// order in which it is read. Runs of digits stay as they are; marks stay behind their letters. Other words are unchanged.
std::string logical_from_visual(std::string_view word);

bool is_cjk(char32_t code);          ///< Han, kana, hangul: written without spaces, about four times as dense
bool is_right_to_left(char32_t code); ///< Hebrew, Arabic and their neighbours
bool is_text_space(char32_t code);        ///< Unicode white space, line ends included

} // namespace lectern

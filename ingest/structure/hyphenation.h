// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Words that were broken at the end of a line.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace lectern {

/// Bytes of the hyphen at the end of `word`: "-" or U+2010; 0 if there is none.
size_t final_hyphen(std::string_view word);

/// Whether "exam-" at a line's end and "ple" at the next line's start are one word that has no hyphen of its own. Asks for
/// letters on both sides, lower case behind; says no for compounds ("non-", "twenty-", "-même"), and where `page_words`
/// (the page's words without punctuation around them) hold the form with the hyphen.
bool is_broken_word(std::string_view before, std::string_view behind, const std::unordered_set<std::string>& page_words);

/// The word without punctuation around it.
std::string_view bare_word(std::string_view word);

} // namespace lectern

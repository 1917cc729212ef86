// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What the first and last characters of a line say about it: list marks, clause numbers, ends of sentences.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/document/document.h"

namespace lectern {

/// "14", "14.2", "IV" or "b" as the leading number of a line, and what it promises.
struct LineNumber {
    std::string number; ///< without the final point: "14.2"
    int depth = 1;      ///< parts between points: 2
    size_t size = 0;    ///< bytes of the line up to the text behind it
    bool named = false; ///< behind a word such as "Article" or "Section"
};

/// A decimal number ("3.", "14.2", "7.2.1"), or one behind a naming word ("Article IV", "§ 12", "Annexe B").
/// A bare "3" without a point counts only if a letter in upper case follows.
std::optional<LineNumber> leading_number(std::string_view line);

/// A bullet, "(a)", "(iv)", "b)", "3)" before text.
bool starts_list_item(std::string_view line);

/// The last character ends a sentence or a clause: . ! ? : ; and their CJK forms, quotes and brackets behind them skipped.
bool ends_sentence(std::string_view line);

/// Paragraph or ListItem, by the text alone.
BlockKind kind_of_text(std::string_view text);

} // namespace lectern

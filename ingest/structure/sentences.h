// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Sentences, well enough to cut chunks between them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lectern {

struct TextRange {
    uint32_t start = 0, end = 0; ///< bytes
    bool operator==(const TextRange&) const = default;
};

/// Size of a text as chunks count it: characters, a CJK character four.
size_t text_weight(std::string_view text);

/// The sentences of a paragraph, without the white space between them, in order; together they cover all else. A range that
/// would weigh more than `most` is cut at white space, or inside a word where there is none.
/// `lines`: a line end also ends a range (tables).
std::vector<TextRange> split_sentences(std::string_view text, size_t most, bool lines);

} // namespace lectern

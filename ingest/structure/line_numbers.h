// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The numbers 1, 2, 3 … that pleadings and transcripts print beside their lines.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/structure/reading_order.h"

namespace lectern {

/// Which words are line numbers: whole numbers of one or two digits, left of nearly all other words, each one more than the
/// one above, at least eight. Empty if there are none. `texts` are the words' texts.
std::vector<uint32_t> find_line_numbers(std::span<const OrderWord> words, std::span<const std::string_view> texts);

/// Whether a block is nothing but such numbers, a line each.
bool is_line_numbers(std::string_view block_text);

} // namespace lectern

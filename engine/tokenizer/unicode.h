// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The few Unicode facts that tokenizers need. Data: utf8proc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lectern {

/// Composed form; text that is not UTF-8 comes back unchanged.
std::string to_nfc(std::string_view text);
/// Canonically decomposed characters; wrong bytes become U+FFFD.
std::u32string to_nfd(std::u32string_view text);

bool is_white_space(char32_t c);  ///< Unicode's White_Space
bool is_other(char32_t c);        ///< categories Cc, Cf, Cn, Co
bool is_punctuation(char32_t c);  ///< categories P*
bool is_nonspacing_mark(char32_t c);
char32_t to_lower(char32_t c);    ///< simple mapping, as to_upper
char32_t to_upper(char32_t c);

} // namespace lectern

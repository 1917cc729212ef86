// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The names that the window uses for colours and for sizes of text. What each is for stands in resources/theme.
#pragma once

namespace lectern {

/// Order as in `tokenNames()`, theme.cpp.
enum class Token {
    Window,
    Surface,
    Raised,
    Desk,
    Paper,
    Ink,
    Hover,
    Border,
    Control,
    Text,
    Muted,
    Disabled,
    Accent,
    OnAccent,
    Selection,
    OnSelection,
    Idle,
    Verified,
    Partly,
    Gist,
    Contradicted,
    Warm,
    Lit,
    LitSoft,
    LitRule,
    Strip,
    StripNone,
};
inline constexpr int kTokenCount = int(Token::StripNone) + 1;

/// Sizes are offsets from the system's font, so a desktop set to larger text scales all of them.
enum class TextRole { Display, Question, Answer, Body, Strong, Small, Caption, Quote };

enum class ThemeChoice { System, Light, Dark };

} // namespace lectern

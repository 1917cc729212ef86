// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Events as the lines of JSON that CONTRACTS section 7 fixes.
#pragma once

#include <string>

#include "app/answer/answer_events.h"

namespace lectern {

/// One object on one line, without the line's end.
std::string to_json(const AnswerEvent& event);

} // namespace lectern

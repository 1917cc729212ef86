// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// lectern-cli model logits: the forward pass, bare, for comparing with other implementations.
#pragma once

#include "app/cli/cli.h"

namespace lectern::cli {

void add_logits_command(CLI::App& model, Action& action);

} // namespace lectern::cli

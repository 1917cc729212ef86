// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Prefill products with bf16 weights on AMX, by oneDNN: 2.9 times the rate of our own tiles (docs/benchmarks.md).
#pragma once

#include "engine/kernels/linear/linear.h"

namespace lectern {

/// Built with oneDNN, and the machine has what makes it win.
bool onednn_wins();

///     y = bf16(x) W^T + bias, products of bf16 numbers summed in float32
///
/// Always in calls of the same number of rows, the last one padded, one thread a call: so a row's bits depend neither on the
/// other rows nor on the thread count. Only where onednn_wins().
void linear_onednn(const LinearArgs& args, ThreadPool& pool);

} // namespace lectern

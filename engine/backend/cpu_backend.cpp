// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/cpu_backend.h"

#include <fmt/format.h>

#include "engine/backend/cpu_features.h"
#include "engine/kernels/linear/linear_onednn.h"

namespace lectern {

std::string CpuBackend::arithmetic() const { return fmt::format("cpu-{}{}-1", to_string(cpu_level()), onednn_wins() ? "-onednn" : ""); }

} // namespace lectern

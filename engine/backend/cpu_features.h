// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Which instruction set the cpu backend uses: what the machine has, or what LECTERN_CPU caps it to.
#pragma once

#include <string_view>

namespace lectern {

enum class CpuLevel { Baseline, Avx2, Avx512, Amx };

/// The best level that the machine has, at most $LECTERN_CPU (baseline | avx2 | avx512 | amx); read once.
CpuLevel cpu_level();
/// What the machine itself has, whatever LECTERN_CPU says.
CpuLevel machine_cpu_level();
std::string_view to_string(CpuLevel level);

} // namespace lectern

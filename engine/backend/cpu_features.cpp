// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/cpu_features.h"

#include <cpuid.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "engine/base/log.h"

namespace lectern {

CpuLevel machine_cpu_level() {
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("avx512cd");
    // GCC 12 has no name for it: leaf 7, EDX, bit 22 is AMX-BF16, bit 24 the tiles.
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    const bool amx = avx512 && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (edx >> 22 & 1) && (edx >> 24 & 1);
    return amx ? CpuLevel::Amx : avx512 ? CpuLevel::Avx512 : avx2 ? CpuLevel::Avx2 : CpuLevel::Baseline;
}

CpuLevel cpu_level() {
    static const CpuLevel level = [] {
        const char* wanted = std::getenv("LECTERN_CPU");
        const std::string_view name = wanted ? wanted : "";
        if (name == "baseline") return CpuLevel::Baseline;
        if (name == "avx2") return std::min(CpuLevel::Avx2, machine_cpu_level());
        if (name == "avx512") return std::min(CpuLevel::Avx512, machine_cpu_level());
        if (!name.empty() && name != "amx")
            log("engine").warning("LECTERN_CPU knows baseline, avx2, avx512 and amx; its value was ignored");
        return machine_cpu_level();
    }();
    return level;
}

std::string_view to_string(CpuLevel level) {
    switch (level) {
    case CpuLevel::Baseline: return "baseline";
    case CpuLevel::Avx2: return "avx2";
    case CpuLevel::Avx512: return "avx512";
    case CpuLevel::Amx: return "amx";
    }
    return "baseline";
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// How a kernel is compiled once an instruction set and chosen at run time. A kernel file begins with
///
///     #undef HWY_TARGET_INCLUDE
///     #define HWY_TARGET_INCLUDE "engine/kernels/<op>/<op>_cpu.cpp"
///     #include <hwy/foreach_target.h>
///     #include <hwy/highway.h>
///
/// writes its bodies in namespace HWY_NAMESPACE, and in its HWY_ONCE part calls LECTERN_SIMD(body)(args). Highway's own
/// dispatcher (a shared library) is not used: LECTERN_CPU chooses, and a machine without it can run us. The targets are
/// fixed by definitions in engine/kernels/CMakeLists.txt: SSE4, AVX2, AVX-512.
#pragma once

#include "engine/backend/cpu_features.h"

#define LECTERN_SIMD(function)                                                                                         \
    (::lectern::cpu_level() >= ::lectern::CpuLevel::Avx512  ? &N_AVX3::function                                        \
     : ::lectern::cpu_level() == ::lectern::CpuLevel::Avx2 ? &N_AVX2::function                                         \
                                                           : &N_SSE4::function)

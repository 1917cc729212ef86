// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/elementwise/elementwise.h"

#include <cmath>

namespace lectern {

void swiglu_ref(const SwiGluArgs& a) {
    for (int64_t i = 0; i < a.tokens * a.width; ++i) {
        const double g = a.gate[i];
        a.y[i] = float(g / (1.0 + std::exp(-g)) * a.up[i]);
    }
}

void gelu_ref(const GeluArgs& a) {
    for (int64_t i = 0; i < a.count; ++i) a.x[i] = float(0.5 * a.x[i] * (1.0 + std::erf(a.x[i] * std::sqrt(0.5))));
}

void add_scaled_ref(const AddScaledArgs& a) {
    for (int64_t i = 0; i < a.count; ++i) a.x[i] = float(a.x[i] + double(a.scale) * a.y[i]);
}

} // namespace lectern

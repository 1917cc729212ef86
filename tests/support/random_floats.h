// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Reproducible numbers for tests.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace lectern {

inline std::vector<float> random_floats(size_t count, uint64_t seed, float low = -1, float high = 1) {
    std::mt19937_64 random(seed);
    std::vector<float> values(count);
    for (float& value : values) value = low + (high - low) * float(double(random() >> 11) * 0x1.0p-53);
    return values;
}

/// The largest absolute difference; infinite where sizes differ or something is not a number.
inline double distance(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(double(a[i]) - b[i]);
        if (!(difference <= largest)) largest = difference;
    }
    return largest;
}

} // namespace lectern

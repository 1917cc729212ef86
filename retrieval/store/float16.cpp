// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/float16.h"

#include <array>
#include <bit>
#include <memory>

#include "engine/base/ensure.h"

namespace lectern {
namespace {

// The baseline (x86-64-v2) has no conversion instruction; a table of all 65,536 values is faster than arithmetic.
const std::array<float, 65536>& values() {
    static const auto table = [] {
        auto t = std::make_unique<std::array<float, 65536>>();
        for (uint32_t i = 0; i < t->size(); ++i)
            (*t)[i] = static_cast<float>(std::bit_cast<_Float16>(static_cast<uint16_t>(i)));
        return t;
    }();
    return *table;
}

} // namespace

void to_float16(std::span<const float> from, std::span<uint16_t> to) {
    ENSURE(from.size() == to.size(), "float16: lengths differ");
    for (size_t i = 0; i < from.size(); ++i) to[i] = std::bit_cast<uint16_t>(static_cast<_Float16>(from[i]));
}

void from_float16(std::span<const uint16_t> from, std::span<float> to) {
    ENSURE(from.size() == to.size(), "float16: lengths differ");
    const auto& table = values();
    for (size_t i = 0; i < from.size(); ++i) to[i] = table[from[i]];
}

} // namespace lectern

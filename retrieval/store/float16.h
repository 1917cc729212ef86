// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// IEEE binary16, the stored form of vectors: relative error at most 2^-11, which moves a cosine by less than 1e-3.
#pragma once

#include <cstdint>
#include <span>

namespace lectern {

/// Both spans have the same length; rounding to nearest even.
void to_float16(std::span<const float> from, std::span<uint16_t> to);
void from_float16(std::span<const uint16_t> from, std::span<float> to);

} // namespace lectern

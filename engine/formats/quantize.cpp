// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "engine/formats/tensor_type.h"

namespace lectern {
namespace {

constexpr size_t kBlock = 32;

void store_half(std::byte* target, uint16_t bits) { std::memcpy(target, &bits, sizeof bits); }

/// d = max|x| / 127 and q = round(x / d), half away from zero; d is stored as f16, q uses the unrounded d.
void quantize_q8_0_block(const float* values, std::byte* target) {
    float largest = 0;
    for (size_t j = 0; j < kBlock; ++j) largest = std::fmax(largest, std::fabs(values[j]));
    const float d = largest / 127;
    const float inverse = d != 0 ? 1 / d : 0;
    store_half(target, f32_to_f16(d));
    for (size_t j = 0; j < kBlock; ++j) {
        const float scaled = std::round(values[j] * inverse);
        const int8_t q = std::isfinite(scaled) ? static_cast<int8_t>(std::fmin(std::fmax(scaled, -127.f), 127.f)) : 0;
        std::memcpy(target + 2 + j, &q, 1);
    }
}

} // namespace

Result<void> quantize_row(TensorType type, const float* values, std::byte* target, size_t n) {
    switch (type) {
    case TensorType::F32: std::memcpy(target, values, n * sizeof(float)); return {};
    case TensorType::F16:
        for (size_t i = 0; i < n; ++i) store_half(target + 2 * i, f32_to_f16(values[i]));
        return {};
    case TensorType::BF16:
        for (size_t i = 0; i < n; ++i) store_half(target + 2 * i, f32_to_bf16(values[i]));
        return {};
    case TensorType::Q8_0:
        ENSURE(n % kBlock == 0, "a row is whole blocks");
        for (size_t i = 0; i < n / kBlock; ++i) quantize_q8_0_block(values + i * kBlock, target + i * 34);
        return {};
    default:
        return Error{ErrorKind::Unsupported,
                     fmt::format("Weights cannot be written as {}; choose f32, f16, bf16 or q8_0.", info(type).name)};
    }
}

} // namespace lectern

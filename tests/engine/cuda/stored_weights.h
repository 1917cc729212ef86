// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Random weights in any stored type, also those that we only read: random block bytes with scales of a sane size.
#pragma once

#include <cstring>
#include <initializer_list>
#include <random>
#include <span>
#include <vector>

#include "engine/formats/tensor_type.h"

namespace lectern {

constexpr TensorType kAllTypes[] = {
    TensorType::F32,  TensorType::F16,  TensorType::Q4_0, TensorType::Q4_1,   TensorType::Q5_0,   TensorType::Q5_1, TensorType::Q8_0,
    TensorType::Q2_K, TensorType::Q3_K, TensorType::Q4_K, TensorType::Q5_K,   TensorType::Q6_K,   TensorType::IQ4_NL,
    TensorType::IQ4_XS, TensorType::I8, TensorType::I16,  TensorType::I32,    TensorType::I64,    TensorType::F64,
    TensorType::BF16, TensorType::MXFP4};

/// Where a block keeps its f16 scales.
inline std::vector<size_t> scale_places(TensorType type) {
    switch (type) {
    case TensorType::Q4_0: case TensorType::Q5_0: case TensorType::Q8_0:
    case TensorType::IQ4_NL: case TensorType::IQ4_XS: return {0};
    case TensorType::Q4_1: case TensorType::Q5_1: case TensorType::Q4_K: case TensorType::Q5_K: return {0, 2};
    case TensorType::Q2_K: return {80, 82};
    case TensorType::Q3_K: return {108};
    case TensorType::Q6_K: return {208};
    default: return {};
    }
}

/// `count` weights (whole blocks) of `type`; of any finite value.
inline std::vector<std::byte> stored_weights(TensorType type, size_t count, uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto number = [&] { return float(double(random() >> 11) * 0x1.0p-52) - 1; };
    std::vector<std::byte> bytes(row_bytes(type, count));
    const auto fill = [&](auto value) {
        for (size_t i = 0; i < count; ++i) {
            const auto v = static_cast<decltype(value)>(number());
            std::memcpy(bytes.data() + i * sizeof v, &v, sizeof v);
        }
    };
    if (type == TensorType::F32) return fill(0.0f), bytes;
    if (type == TensorType::F64) return fill(0.0), bytes;
    if (type == TensorType::F16 || type == TensorType::BF16) {
        for (size_t i = 0; i < count; ++i) {
            const uint16_t v = type == TensorType::F16 ? f32_to_f16(number()) : f32_to_bf16(number());
            std::memcpy(bytes.data() + 2 * i, &v, 2);
        }
        return bytes;
    }
    for (std::byte& byte : bytes) byte = std::byte(random());
    const size_t block = info(type).block_bytes;
    for (size_t at = 0; at < bytes.size(); at += block) {
        for (const size_t place : scale_places(type)) {
            const uint16_t scale = f32_to_f16(number() / 64);
            std::memcpy(bytes.data() + at + place, &scale, 2);
        }
        if (type == TensorType::MXFP4) bytes[at] = std::byte(118 + random() % 8);
    }
    return bytes;
}

} // namespace lectern

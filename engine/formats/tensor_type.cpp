// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/tensor_type.h"

#include <array>
#include <bit>
#include <cmath>

namespace lectern {
namespace {

struct Row {
    TensorType type;
    TensorTypeInfo info;
};

constexpr std::array<Row, 21> kTypes{{
    {TensorType::F32, {"f32", 1, 4}},          {TensorType::F16, {"f16", 1, 2}},
    {TensorType::Q4_0, {"q4_0", 32, 18}},      {TensorType::Q4_1, {"q4_1", 32, 20}},
    {TensorType::Q5_0, {"q5_0", 32, 22}},      {TensorType::Q5_1, {"q5_1", 32, 24}},
    {TensorType::Q8_0, {"q8_0", 32, 34}},      {TensorType::Q2_K, {"q2_k", 256, 84}},
    {TensorType::Q3_K, {"q3_k", 256, 110}},    {TensorType::Q4_K, {"q4_k", 256, 144}},
    {TensorType::Q5_K, {"q5_k", 256, 176}},    {TensorType::Q6_K, {"q6_k", 256, 210}},
    {TensorType::IQ4_NL, {"iq4_nl", 32, 18}},  {TensorType::IQ4_XS, {"iq4_xs", 256, 136}},
    {TensorType::I8, {"i8", 1, 1}},            {TensorType::I16, {"i16", 1, 2}},
    {TensorType::I32, {"i32", 1, 4}},          {TensorType::I64, {"i64", 1, 8}},
    {TensorType::F64, {"f64", 1, 8}},          {TensorType::BF16, {"bf16", 1, 2}},
    {TensorType::MXFP4, {"mxfp4", 32, 17}},
}};

} // namespace

std::optional<TensorType> tensor_type_from_id(uint32_t id) {
    for (const Row& row : kTypes)
        if (static_cast<uint32_t>(row.type) == id) return row.type;
    return std::nullopt;
}

std::optional<TensorType> tensor_type_from_name(std::string_view name) {
    for (const Row& row : kTypes)
        if (row.info.name == name) return row.type;
    return std::nullopt;
}

const TensorTypeInfo& info(TensorType type) {
    for (const Row& row : kTypes)
        if (row.type == type) return row.info;
    ENSURE(false, "a tensor type outside the list");
    return kTypes[0].info;
}

float f16_to_f32(uint16_t half) {
    const uint32_t sign = uint32_t(half & 0x8000) << 16;
    const uint32_t exponent = (half >> 10) & 0x1F;
    const uint32_t mantissa = half & 0x3FF;
    if (exponent == 0) { // zero and subnormals: mantissa * 2^-24, exact in float32
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | (mantissa << 13));
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

uint16_t f32_to_f16(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    const uint32_t sign = (bits >> 16) & 0x8000;
    const uint32_t magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) // NaN: keep its top bits, make it quiet
        return static_cast<uint16_t>(sign | 0x7E00 | ((magnitude >> 13) & 0x1FF));
    if (magnitude >= 0x477FF000) return static_cast<uint16_t>(sign | 0x7C00); // rounds to 65536 or more
    if (magnitude < 0x38800000) { // below 2^-14: a multiple of 2^-24
        const float scaled = std::bit_cast<float>(magnitude) * 0x1p24f;
        return static_cast<uint16_t>(sign | static_cast<uint32_t>(std::nearbyint(scaled)));
    }
    const uint32_t rounded = magnitude + 0xFFF + ((magnitude >> 13) & 1);
    return static_cast<uint16_t>(sign | ((rounded - (112u << 23)) >> 13));
}

uint16_t f32_to_bf16(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) return static_cast<uint16_t>((bits >> 16) | 0x40);
    return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

} // namespace lectern

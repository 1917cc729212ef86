// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Types that weights are stored in, with GGUF's ids, and their plain conversion to and from float32.
/// Source: specs of GGUF; block layouts are in docs/formats.md. Plain loops: they are the twins of the fast kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/error.h"

namespace lectern {

enum class TensorType : uint32_t {
    F32 = 0, F16 = 1, Q4_0 = 2, Q4_1 = 3, Q5_0 = 6, Q5_1 = 7, Q8_0 = 8,
    Q2_K = 10, Q3_K = 11, Q4_K = 12, Q5_K = 13, Q6_K = 14, IQ4_NL = 20, IQ4_XS = 23,
    I8 = 24, I16 = 25, I32 = 26, I64 = 27, F64 = 28, BF16 = 30, MXFP4 = 39,
};

struct TensorTypeInfo {
    std::string_view name;   ///< "q8_0", lower case
    uint32_t block_elements; ///< weights in a block
    uint32_t block_bytes;
};

/// nullopt for an id that we do not read.
std::optional<TensorType> tensor_type_from_id(uint32_t id);
std::optional<TensorType> tensor_type_from_name(std::string_view name);
const TensorTypeInfo& info(TensorType type);

/// Bytes of one row of `elements` weights; `elements` is a multiple of the block.
inline size_t row_bytes(TensorType type, uint64_t elements) {
    return elements / info(type).block_elements * info(type).block_bytes;
}

float f16_to_f32(uint16_t half);
uint16_t f32_to_f16(float value); ///< round to nearest even
inline float bf16_to_f32(uint16_t bits) { return __builtin_bit_cast(float, uint32_t(bits) << 16); }
uint16_t f32_to_bf16(float value); ///< round to nearest even, NaN stays NaN

/// values[n] <- the n weights stored at `source` (row_bytes(type, n) bytes, any alignment). F64 and integers included.
void dequantize_row(TensorType type, const std::byte* source, float* values, size_t n);

/// Stores n weights as `type` at `target`. Errors: Unsupported for a type that we only read.
Result<void> quantize_row(TensorType type, const float* values, std::byte* target, size_t n);

} // namespace lectern

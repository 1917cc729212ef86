// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// One GGUF file, parsed and checked: what gguf.cpp joins into a model when a checkpoint is split over several files.
#pragma once

#include "engine/formats/byte_reader.h"
#include "engine/formats/model_file.h"

namespace lectern::gguf {

constexpr uint32_t kMagic = 0x46554747; // "GGUF"
constexpr uint64_t kDefaultAlignment = 32;

/// Value types in the file.
enum class ValueType : int32_t {
    U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6, Bool = 7, String = 8, Array = 9, U64 = 10, I64 = 11,
    F64 = 12,
};

struct TensorInfo {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<uint64_t> shape; ///< slowest first
    uint64_t offset = 0;         ///< from the start of the data section
    uint64_t bytes = 0;
};

/// Reads `count` key-value pairs. Fails in the reader; `alignment` is set if the file says one.
bool read_metadata(ByteReader& reader, uint64_t count, Metadata& metadata, uint64_t& alignment);

/// Reads `count` tensor infos and checks shape, type, size and that offsets follow each other without gap or overlap.
/// False with `unsupported` set if a type is unknown.
bool read_tensor_infos(ByteReader& reader, uint64_t count, uint64_t alignment, std::vector<TensorInfo>& infos,
                       bool& unsupported);

/// value rounded up to a multiple of alignment (a power of two); false if that does not fit 64 bits.
inline bool pad(uint64_t value, uint64_t alignment, uint64_t& padded) {
    if (__builtin_add_overflow(value, alignment - 1, &padded)) return false;
    padded &= ~(alignment - 1);
    return true;
}

} // namespace lectern::gguf

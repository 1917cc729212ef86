// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// The key-value part of a GGUF file.

#include <cmath>

#include <fmt/format.h>

#include "engine/formats/gguf_part.h"

namespace lectern::gguf {
namespace {

constexpr uint64_t kKeyLimit = 65535;
constexpr uint64_t kStringLimit = 1ull << 30;
constexpr uint64_t kArrayLimit = 1ull << 26; // elements; vocabularies end at 2^24
constexpr uint64_t kAlignmentLimit = 1ull << 20;

/// Bytes that one element needs at least; 0 for a type that cannot be an element.
uint64_t least_bytes(ValueType type) {
    switch (type) {
    case ValueType::U8:
    case ValueType::I8:
    case ValueType::Bool: return 1;
    case ValueType::U16:
    case ValueType::I16: return 2;
    case ValueType::U32:
    case ValueType::I32:
    case ValueType::F32: return 4;
    case ValueType::U64:
    case ValueType::I64:
    case ValueType::F64:
    case ValueType::String: return 8;
    case ValueType::Array: return 0;
    }
    return 0;
}

template <class T>
bool read_integer(ByteReader& reader, int64_t& value) {
    T stored{};
    if (!reader.read(stored)) return false;
    if constexpr (std::is_same_v<T, uint64_t>)
        if (stored > uint64_t(INT64_MAX)) return reader.fail("an integer does not fit 63 bits");
    value = static_cast<int64_t>(stored);
    return true;
}

bool read_any_integer(ByteReader& reader, ValueType type, int64_t& value) {
    switch (type) {
    case ValueType::U8: return read_integer<uint8_t>(reader, value);
    case ValueType::I8: return read_integer<int8_t>(reader, value);
    case ValueType::U16: return read_integer<uint16_t>(reader, value);
    case ValueType::I16: return read_integer<int16_t>(reader, value);
    case ValueType::U32: return read_integer<uint32_t>(reader, value);
    case ValueType::I32: return read_integer<int32_t>(reader, value);
    case ValueType::U64: return read_integer<uint64_t>(reader, value);
    default: return read_integer<int64_t>(reader, value);
    }
}

bool read_number(ByteReader& reader, ValueType type, double& value) {
    if (type == ValueType::F64) {
        if (!reader.read(value)) return false;
    } else {
        float single = 0;
        if (!reader.read(single)) return false;
        value = single;
    }
    return std::isfinite(value) || reader.fail("a number is infinite or not a number");
}

bool read_flag(ByteReader& reader, bool& value) {
    uint8_t stored = 0;
    if (!reader.read(stored)) return false;
    if (stored > 1) return reader.fail("a flag is neither 0 nor 1");
    value = stored == 1;
    return true;
}

bool read_array(ByteReader& reader, Metadata::Value& value) {
    int32_t id = 0;
    uint64_t n = 0;
    if (!reader.read(id) || !reader.read(n)) return false;
    const auto type = static_cast<ValueType>(id);
    const uint64_t least = least_bytes(type);
    if (least == 0) return reader.fail(fmt::format("an array has elements of type {}, which is not allowed", id));
    if (n > kArrayLimit || n > reader.remaining() / least) return reader.fail("an array is longer than the file");
    if (type == ValueType::String) {
        std::vector<std::string> texts;
        for (uint64_t i = 0; i < n; ++i) {
            std::string_view text;
            if (!reader.read_string(text, kStringLimit)) return false;
            texts.emplace_back(text);
        }
        value = std::move(texts);
    } else if (type == ValueType::F32 || type == ValueType::F64) {
        std::vector<double> numbers(n);
        for (double& number : numbers)
            if (!read_number(reader, type, number)) return false;
        value = std::move(numbers);
    } else if (type == ValueType::Bool) {
        std::vector<bool> flags(n);
        for (uint64_t i = 0; i < n; ++i) {
            bool flag = false;
            if (!read_flag(reader, flag)) return false;
            flags[i] = flag;
        }
        value = std::move(flags);
    } else {
        std::vector<int64_t> integers(n);
        for (int64_t& integer : integers)
            if (!read_any_integer(reader, type, integer)) return false;
        value = std::move(integers);
    }
    return true;
}

bool read_value(ByteReader& reader, int32_t id, Metadata::Value& value) {
    const auto type = static_cast<ValueType>(id);
    if (type == ValueType::Array) return read_array(reader, value);
    if (least_bytes(type) == 0) return reader.fail(fmt::format("a value has the unknown type {}", id));
    if (type == ValueType::String) {
        std::string_view text;
        if (!reader.read_string(text, kStringLimit)) return false;
        value = std::string(text);
    } else if (type == ValueType::F32 || type == ValueType::F64) {
        double number = 0;
        if (!read_number(reader, type, number)) return false;
        value = number;
    } else if (type == ValueType::Bool) {
        bool flag = false;
        if (!read_flag(reader, flag)) return false;
        value = flag;
    } else {
        int64_t integer = 0;
        if (!read_any_integer(reader, type, integer)) return false;
        value = integer;
    }
    return true;
}

bool check_alignment(ByteReader& reader, int32_t id, const Metadata::Value& value, uint64_t& alignment) {
    if (static_cast<ValueType>(id) != ValueType::U32) return reader.fail("general.alignment is not a u32");
    alignment = static_cast<uint64_t>(std::get<int64_t>(value));
    if (alignment < 8 || alignment > kAlignmentLimit || (alignment & (alignment - 1)) != 0)
        return reader.fail(fmt::format("general.alignment is {}, not a power of two from 8 to 1048576", alignment));
    return true;
}

} // namespace

bool read_metadata(ByteReader& reader, uint64_t count, Metadata& metadata, uint64_t& alignment) {
    for (uint64_t i = 0; i < count; ++i) {
        std::string_view key;
        int32_t id = 0;
        if (!reader.read_string(key, kKeyLimit)) return false;
        if (key.empty()) return reader.fail("a key is empty");
        if (!reader.read(id)) return false;
        Metadata::Value value;
        if (!read_value(reader, id, value)) return false;
        if (metadata.contains(key)) return reader.fail("a key occurs twice");
        if (key == "general.alignment" && !check_alignment(reader, id, value, alignment)) return false;
        metadata.set(std::string(key), std::move(value));
    }
    return true;
}

} // namespace lectern::gguf

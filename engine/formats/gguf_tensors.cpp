// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// The table of tensors of a GGUF file.

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "engine/formats/gguf_part.h"

namespace lectern::gguf {
namespace {

constexpr uint64_t kNameLimit = 63;
constexpr uint32_t kMostDimensions = 4;

/// A name from an untrusted file, fit for a message.
std::string printable(std::string_view name) {
    std::string text;
    for (char c : name) text += c >= 0x20 && c < 0x7F ? c : '?';
    return text;
}

bool read_shape(ByteReader& reader, TensorInfo& tensor) {
    uint32_t n_dims = 0;
    if (!reader.read(n_dims)) return false;
    if (n_dims > kMostDimensions)
        return reader.fail(fmt::format("tensor {} has {} dimensions", printable(tensor.name), n_dims));
    uint64_t elements = 1;
    for (uint32_t i = 0; i < n_dims; ++i) {
        int64_t ne = 0;
        if (!reader.read(ne)) return false;
        if (ne < 1 || __builtin_mul_overflow(elements, static_cast<uint64_t>(ne), &elements) ||
            elements > uint64_t(INT64_MAX))
            return reader.fail(fmt::format("tensor {} has an impossible shape", printable(tensor.name)));
        tensor.shape.push_back(static_cast<uint64_t>(ne));
    }
    std::reverse(tensor.shape.begin(), tensor.shape.end()); // the file has the fastest axis first
    return true;
}

bool check_size(ByteReader& reader, TensorInfo& tensor) {
    const TensorTypeInfo& facts = info(tensor.type);
    uint64_t elements = 1;
    for (uint64_t d : tensor.shape) elements *= d; // checked by read_shape
    const uint64_t columns = tensor.shape.empty() ? 1 : tensor.shape.back();
    if (columns % facts.block_elements != 0)
        return reader.fail(fmt::format("tensor {} has rows of {} weights, no whole blocks of {}",
                                       printable(tensor.name), columns, facts.name));
    if (__builtin_mul_overflow(elements / facts.block_elements, uint64_t(facts.block_bytes), &tensor.bytes))
        return reader.fail(fmt::format("tensor {} has an impossible size", printable(tensor.name)));
    return true;
}

} // namespace

bool read_tensor_infos(ByteReader& reader, uint64_t count, uint64_t alignment, std::vector<TensorInfo>& infos,
                       bool& unsupported) {
    std::unordered_set<std::string> names;
    uint64_t expected = 0; // tensors lie one after the other, each padded
    for (uint64_t i = 0; i < count; ++i) {
        TensorInfo tensor;
        std::string_view name;
        if (!reader.read_string(name, kNameLimit)) return false;
        if (name.empty() || name.find('\0') != name.npos) return reader.fail("a tensor has no proper name");
        tensor.name = name;
        if (!names.insert(tensor.name).second)
            return reader.fail(fmt::format("tensor {} occurs twice", printable(name)));
        int32_t id = 0;
        if (!read_shape(reader, tensor) || !reader.read(id)) return false;
        const auto type = tensor_type_from_id(static_cast<uint32_t>(id));
        if (!type) {
            unsupported = true;
            return reader.fail(fmt::format("tensor {} is stored as type {}, which is not supported", printable(name), id));
        }
        tensor.type = *type;
        if (!check_size(reader, tensor) || !reader.read(tensor.offset)) return false;
        uint64_t end = 0;
        if (tensor.offset != expected || __builtin_add_overflow(tensor.offset, tensor.bytes, &end) ||
            !pad(end, alignment, expected))
            return reader.fail(fmt::format("tensor {} does not lie where it should", printable(name)));
        infos.push_back(std::move(tensor));
    }
    return true;
}

} // namespace lectern::gguf

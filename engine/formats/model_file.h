// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A checkpoint in memory: typed metadata and named tensors, whatever file they came from. Names and keys are GGUF's
/// (a Hugging Face folder is translated by its family, engine/model/families), so everything behind knows one dialect.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/formats/tensor_type.h"

namespace lectern {

/// Typed key-value pairs. Integers of any width are stored as int64 / uint64 arrays as int64; a reader asks for what it
/// needs and gets nullopt where the key is absent or of another kind (never a silent conversion between kinds).
class Metadata {
public:
    using Value = std::variant<bool, int64_t, double, std::string, std::vector<bool>, std::vector<int64_t>,
                               std::vector<double>, std::vector<std::string>>;

    void set(std::string key, Value value) { values_[std::move(key)] = std::move(value); }
    void erase(std::string_view key);
    bool contains(std::string_view key) const { return find(key) != nullptr; }
    const Value* find(std::string_view key) const;

    std::optional<bool> boolean(std::string_view key) const;    ///< bool, or an integer that is 0 or 1
    std::optional<int64_t> integer(std::string_view key) const; ///< integers only
    std::optional<double> number(std::string_view key) const;   ///< integers and floats
    std::optional<std::string_view> text(std::string_view key) const;
    /// A pointer into the metadata; nullptr if absent or of another kind.
    const std::vector<std::string>* strings(std::string_view key) const;
    const std::vector<int64_t>* integers(std::string_view key) const;
    const std::vector<double>* numbers(std::string_view key) const;
    const std::vector<bool>* booleans(std::string_view key) const;

    const std::map<std::string, Value, std::less<>>& values() const { return values_; }

private:
    std::map<std::string, Value, std::less<>> values_;
};

/// A tensor's bytes; shape is slowest axis first ([out, in] for a matrix), rows are contiguous.
struct Tensor {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<uint64_t> shape;
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner; ///< keeps `bytes` alive: a mapped file or a buffer

    uint64_t elements() const {
        uint64_t n = 1;
        for (uint64_t d : shape) n *= d;
        return n;
    }
    uint64_t columns() const { return shape.empty() ? 1 : shape.back(); }
    uint64_t rows() const { return columns() == 0 ? 0 : elements() / columns(); }
};

/// A tensor with its own float32 buffer.
Tensor make_f32_tensor(std::string name, std::vector<uint64_t> shape, std::vector<float> values);
/// All its weights as float32, row after row.
std::vector<float> to_f32(const Tensor& tensor);

class ModelFile {
public:
    Metadata metadata;
    std::vector<std::filesystem::path> files; ///< where it came from, for messages

    void add(Tensor tensor);
    const std::vector<Tensor>& tensors() const { return tensors_; }
    const Tensor* find(std::string_view name) const; ///< nullptr if absent
    /// The tensor, if it has exactly this shape. Errors: Damaged, naming tensor, shape found and shape needed.
    Result<Tensor> require(std::string_view name, std::span<const uint64_t> shape) const;

private:
    std::vector<Tensor> tensors_;
    std::unordered_map<std::string, size_t> index_;
};

} // namespace lectern

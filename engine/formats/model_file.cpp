// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/model_file.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lectern {

void Metadata::erase(std::string_view key) {
    const auto found = values_.find(key);
    if (found != values_.end()) values_.erase(found);
}

const Metadata::Value* Metadata::find(std::string_view key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
}

namespace {

template <class T>
const T* as(const Metadata::Value* value) {
    return value ? std::get_if<T>(value) : nullptr;
}

} // namespace

std::optional<bool> Metadata::boolean(std::string_view key) const {
    const Value* value = find(key);
    if (const bool* flag = as<bool>(value)) return *flag;
    if (const int64_t* number = as<int64_t>(value); number && (*number == 0 || *number == 1)) return *number == 1;
    return std::nullopt;
}

std::optional<int64_t> Metadata::integer(std::string_view key) const {
    const int64_t* number = as<int64_t>(find(key));
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<double> Metadata::number(std::string_view key) const {
    const Value* value = find(key);
    if (const double* number = as<double>(value)) return *number;
    if (const int64_t* number = as<int64_t>(value)) return static_cast<double>(*number);
    return std::nullopt;
}

std::optional<std::string_view> Metadata::text(std::string_view key) const {
    const std::string* text = as<std::string>(find(key));
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

const std::vector<std::string>* Metadata::strings(std::string_view key) const {
    return as<std::vector<std::string>>(find(key));
}
const std::vector<int64_t>* Metadata::integers(std::string_view key) const {
    return as<std::vector<int64_t>>(find(key));
}
const std::vector<double>* Metadata::numbers(std::string_view key) const {
    return as<std::vector<double>>(find(key));
}
const std::vector<bool>* Metadata::booleans(std::string_view key) const { return as<std::vector<bool>>(find(key)); }

Tensor make_f32_tensor(std::string name, std::vector<uint64_t> shape, std::vector<float> values) {
    auto buffer = std::make_shared<const std::vector<float>>(std::move(values));
    Tensor tensor{std::move(name), TensorType::F32, std::move(shape), std::as_bytes(std::span(*buffer)), buffer};
    ENSURE(tensor.elements() == buffer->size(), "as many values as the shape says");
    return tensor;
}

std::vector<float> to_f32(const Tensor& tensor) {
    std::vector<float> values(tensor.elements());
    const uint64_t columns = tensor.columns();
    if (values.empty()) return values;
    const size_t stride = row_bytes(tensor.type, columns);
    ENSURE(tensor.bytes.size() == stride * tensor.rows(), "a tensor has the bytes of its shape");
    for (uint64_t row = 0; row < tensor.rows(); ++row)
        dequantize_row(tensor.type, tensor.bytes.data() + row * stride, values.data() + row * columns, columns);
    return values;
}

void ModelFile::add(Tensor tensor) {
    const bool fresh = index_.emplace(tensor.name, tensors_.size()).second;
    ENSURE(fresh, "tensor names are unique");
    tensors_.push_back(std::move(tensor));
}

const Tensor* ModelFile::find(std::string_view name) const {
    const auto found = index_.find(std::string(name));
    return found == index_.end() ? nullptr : &tensors_[found->second];
}

Result<Tensor> ModelFile::require(std::string_view name, std::span<const uint64_t> shape) const {
    const std::string file = files.empty() ? "The checkpoint" : files.front().string();
    const Tensor* tensor = find(name);
    if (!tensor)
        return Error{ErrorKind::Damaged, fmt::format("{} has no tensor {} of shape [{}]; it is incomplete or of another "
                                                     "kind than it says.",
                                                     file, name, fmt::join(shape, ", "))};
    if (!std::ranges::equal(tensor->shape, shape))
        return Error{ErrorKind::Damaged, fmt::format("{}: tensor {} has shape [{}] where [{}] is needed.", file, name,
                                                     fmt::join(tensor->shape, ", "), fmt::join(shape, ", "))};
    return *tensor;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/families/import.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace lectern {
namespace {

Tensor with_own_bytes(std::string name, const Tensor& like, std::vector<uint64_t> shape, std::vector<std::byte> bytes) {
    auto owner = std::make_shared<std::vector<std::byte>>(std::move(bytes));
    return {std::move(name), like.type, std::move(shape), std::span<const std::byte>(*owner), owner};
}

} // namespace

HfTensors::HfTensors(std::vector<Tensor> tensors, std::initializer_list<std::string_view> prefixes) {
    for (Tensor& tensor : tensors) {
        std::string name = tensor.name;
        for (std::string_view prefix : prefixes)
            if (name.starts_with(prefix)) {
                name.erase(0, prefix.size());
                break;
            }
        tensors_.emplace(std::move(name), std::move(tensor));
    }
}

Tensor HfTensors::take(const std::string& name) {
    auto node = tensors_.extract(name);
    if (node.empty()) {
        if (!error_)
            error_ = Error{ErrorKind::Damaged, fmt::format("The checkpoint lacks the tensor {}.", name)};
        return {};
    }
    return std::move(node.mapped());
}

std::vector<std::string> HfTensors::rest() const {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

Tensor renamed(Tensor tensor, std::string name) {
    tensor.name = std::move(name);
    return tensor;
}

Tensor reshaped(Tensor tensor, std::vector<uint64_t> shape) {
    uint64_t elements = 1;
    for (uint64_t d : shape) elements *= d;
    if (elements == tensor.elements()) tensor.shape = std::move(shape); // else the shape check of the loader names it
    return tensor;
}

Tensor row_range(const Tensor& tensor, uint64_t begin, uint64_t end, std::string name) {
    if (tensor.shape.size() < 2) return renamed(tensor, std::move(name));
    const uint64_t rows = tensor.shape[tensor.shape.size() - 2];
    end = std::min(end, rows);
    begin = std::min(begin, end);
    const size_t stride = row_bytes(tensor.type, tensor.columns());
    std::vector<uint64_t> shape = tensor.shape;
    shape[shape.size() - 2] = end - begin;
    if (tensor.shape.size() == 2) {
        Tensor view = tensor;
        view.name = std::move(name);
        view.shape = std::move(shape);
        view.bytes = tensor.bytes.subspan(begin * stride, (end - begin) * stride);
        return view;
    }
    std::vector<std::byte> bytes;
    for (uint64_t matrix = 0; matrix < tensor.rows() / std::max<uint64_t>(rows, 1); ++matrix) {
        const auto part = tensor.bytes.subspan((matrix * rows + begin) * stride, (end - begin) * stride);
        bytes.insert(bytes.end(), part.begin(), part.end());
    }
    return with_own_bytes(std::move(name), tensor, std::move(shape), std::move(bytes));
}

Tensor mapped(const Tensor& tensor, std::string name, const std::function<float(float)>& f) {
    std::vector<float> values = to_f32(tensor);
    for (float& value : values) value = f(value);
    return make_f32_tensor(std::move(name), tensor.shape, std::move(values));
}

Tensor rope_permuted(const Tensor& tensor, uint64_t heads, std::string name) {
    const uint64_t rows = tensor.shape.empty() ? 0 : tensor.shape[0];
    if (heads == 0 || rows == 0 || rows % heads != 0 || rows / heads % 2 != 0) return renamed(tensor, std::move(name));
    const uint64_t head_dim = rows / heads;
    const size_t stride = tensor.bytes.size() / rows;
    std::vector<std::byte> bytes(tensor.bytes.size());
    for (uint64_t h = 0; h < heads; ++h)
        for (uint64_t i = 0; i < head_dim; ++i) {
            const uint64_t from = i % 2 == 0 ? i / 2 : i / 2 + head_dim / 2;
            std::memcpy(bytes.data() + (h * head_dim + i) * stride,
                        tensor.bytes.data() + (h * head_dim + from) * stride, stride);
        }
    return with_own_bytes(std::move(name), tensor, tensor.shape, std::move(bytes));
}

} // namespace lectern

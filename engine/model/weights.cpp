// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/weights.h"

#include <fmt/format.h>

namespace lectern {

void WeightBinder::fail(Error error) {
    if (!error_) error_ = std::move(error);
}

Weight WeightBinder::bind(std::string_view name, std::initializer_list<int64_t> shape) {
    if (error_) return {};
    if (const auto known = bound_.find(std::string(name)); known != bound_.end()) return known->second;
    const std::vector<uint64_t> wanted(shape.begin(), shape.end());
    const auto tensor = file_.require(name, wanted);
    if (!tensor) {
        fail(tensor.error());
        return {};
    }
    DeviceBuffer buffer;
    const auto placed = backend_.place(tensor->bytes, buffer);
    if (!placed) {
        fail(placed.error());
        return {};
    }
    buffers_.push_back(std::move(buffer));
    bytes_ += tensor->bytes.size();
    Weight weight{*placed, tensor->type, shape.begin()[shape.size() - 2], shape.begin()[shape.size() - 1]};
    if (shape.size() == 3) weight.experts = *shape.begin();
    return bound_[std::string(name)] = weight;
}

Weight WeightBinder::matrix(std::string_view name, int64_t rows, int64_t cols) { return bind(name, {rows, cols}); }

Weight WeightBinder::experts(std::string_view name, int64_t experts, int64_t rows, int64_t cols) {
    return bind(name, {experts, rows, cols});
}

const float* WeightBinder::vector(std::string_view name, int64_t count) {
    if (error_) return nullptr;
    const Tensor* tensor = file_.find(name);
    if (!tensor) {
        fail({ErrorKind::Damaged, fmt::format("The model lacks the tensor {}.", name)});
        return nullptr;
    }
    if (tensor->elements() != static_cast<uint64_t>(count)) {
        fail({ErrorKind::Damaged,
              fmt::format("The tensor {} has {} numbers; {} are needed.", name, tensor->elements(), count)});
        return nullptr;
    }
    return constant(to_f32(*tensor));
}

const float* WeightBinder::optional_vector(std::string_view name, int64_t count) {
    return has(name) ? vector(name, count) : nullptr;
}

const float* WeightBinder::constant(std::span<const float> values) {
    auto buffer = backend_.allocate(values.size_bytes());
    if (!buffer) {
        fail(buffer.error());
        return nullptr;
    }
    backend_.upload(buffer->data(), values.data(), values.size_bytes());
    bytes_ += values.size_bytes();
    buffers_.push_back(std::move(*buffer));
    return buffers_.back().floats();
}

} // namespace lectern

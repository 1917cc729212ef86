// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Binds a checkpoint's tensors to a backend. Like Hyperparameters it remembers the first error, so that a family lists
/// its weights as the paper's figure does and asks once at the end.
#pragma once

#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/formats/model_file.h"

namespace lectern {

class WeightBinder {
public:
    WeightBinder(const ModelFile& file, Backend& backend) : file_(file), backend_(backend) {}

    /// A matrix [rows, cols] in its stored type.
    Weight matrix(std::string_view name, int64_t rows, int64_t cols);
    /// Matrices [experts, rows, cols].
    Weight experts(std::string_view name, int64_t experts, int64_t rows, int64_t cols);
    /// All numbers of a small tensor as float32 in the backend's memory; any shape that has `count` of them.
    const float* vector(std::string_view name, int64_t count);
    /// The same, null where the file has no such tensor.
    const float* optional_vector(std::string_view name, int64_t count);
    /// Numbers of our own in the backend's memory.
    const float* constant(std::span<const float> values);
    bool has(std::string_view name) const { return file_.find(name) != nullptr; }

    const std::optional<Error>& error() const { return error_; }
    uint64_t bytes() const { return bytes_; }
    /// What must live as long as the weights.
    std::vector<DeviceBuffer> take_buffers() { return std::move(buffers_); }

private:
    Weight bind(std::string_view name, std::initializer_list<int64_t> shape);
    void fail(Error error);

    const ModelFile& file_;
    Backend& backend_;
    std::unordered_map<std::string, Weight> bound_; // a tied tensor is bound twice and placed once
    std::vector<DeviceBuffer> buffers_;
    std::optional<Error> error_;
    uint64_t bytes_ = 0;
};

} // namespace lectern

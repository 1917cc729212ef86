// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Typed access to a checkpoint's numbers. The first thing that is missing or wrong is remembered as an error, so that a
/// family reads its numbers in a row and asks once at the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/model_file.h"

namespace lectern {

class Hyperparameters {
public:
    /// Keys are read as "<architecture>.<key>".
    Hyperparameters(const Metadata& metadata, std::string architecture)
        : metadata_(metadata), architecture_(std::move(architecture)) {}

    /// A whole number in [low, high]; without `otherwise` the key must be there.
    int64_t integer(std::string_view key, int64_t low, int64_t high, std::optional<int64_t> otherwise = {});
    /// A finite number.
    float number(std::string_view key, std::optional<float> otherwise = {});
    bool boolean(std::string_view key, bool otherwise);
    std::string text(std::string_view key, std::string_view otherwise);
    /// One number a layer: an array of `layers` entries, or one number for all.
    std::vector<int64_t> per_layer(std::string_view key, int64_t layers, int64_t low, int64_t high,
                                   std::optional<int64_t> otherwise = {});
    /// Records that something is wrong: "granitehybrid.ssm.inner_size is 100, not a multiple of 8 heads".
    void require(bool holds, std::string_view sentence);

    const std::string& architecture() const { return architecture_; }
    const std::optional<Error>& error() const { return error_; }

private:
    std::string full(std::string_view key) const;
    void fail(ErrorKind kind, std::string message);

    const Metadata& metadata_;
    std::string architecture_;
    std::optional<Error> error_;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/hyperparameters.h"

#include <cmath>

#include <fmt/format.h>

namespace lectern {

std::string Hyperparameters::full(std::string_view key) const { return fmt::format("{}.{}", architecture_, key); }

void Hyperparameters::fail(ErrorKind kind, std::string message) {
    if (!error_) error_ = Error{kind, std::move(message)};
}

void Hyperparameters::require(bool holds, std::string_view sentence) {
    if (!holds) fail(ErrorKind::Damaged, fmt::format("The model's description is inconsistent: {}.", sentence));
}

int64_t Hyperparameters::integer(std::string_view key, int64_t low, int64_t high, std::optional<int64_t> otherwise) {
    const std::string name = full(key);
    if (!metadata_.contains(name)) {
        if (!otherwise) fail(ErrorKind::Damaged, fmt::format("The model's description lacks {}.", name));
        return otherwise.value_or(low);
    }
    const auto value = metadata_.integer(name);
    if (!value) fail(ErrorKind::Damaged, fmt::format("{} is not a whole number.", name));
    else if (*value < low || *value > high)
        fail(ErrorKind::Damaged, fmt::format("{} is {}; it must lie between {} and {}.", name, *value, low, high));
    else return *value;
    return low;
}

float Hyperparameters::number(std::string_view key, std::optional<float> otherwise) {
    const std::string name = full(key);
    if (!metadata_.contains(name)) {
        if (!otherwise) fail(ErrorKind::Damaged, fmt::format("The model's description lacks {}.", name));
        return otherwise.value_or(0);
    }
    const auto value = metadata_.number(name);
    if (!value || !std::isfinite(*value)) {
        fail(ErrorKind::Damaged, fmt::format("{} is not a finite number.", name));
        return 0;
    }
    return static_cast<float>(*value);
}

bool Hyperparameters::boolean(std::string_view key, bool otherwise) {
    const std::string name = full(key);
    if (!metadata_.contains(name)) return otherwise;
    const auto value = metadata_.boolean(name);
    if (!value) fail(ErrorKind::Damaged, fmt::format("{} is neither true nor false.", name));
    return value.value_or(otherwise);
}

std::string Hyperparameters::text(std::string_view key, std::string_view otherwise) {
    return std::string(metadata_.text(full(key)).value_or(otherwise));
}

std::vector<int64_t> Hyperparameters::per_layer(std::string_view key, int64_t layers, int64_t low, int64_t high,
                                                std::optional<int64_t> otherwise) {
    const std::string name = full(key);
    const auto* list = metadata_.integers(name);
    if (!list) return std::vector<int64_t>(static_cast<size_t>(layers), integer(key, low, high, otherwise));
    std::vector<int64_t> values = *list;
    if (static_cast<int64_t>(values.size()) != layers) {
        fail(ErrorKind::Damaged, fmt::format("{} has {} entries for {} layers.", name, values.size(), layers));
        values.assign(static_cast<size_t>(layers), low);
    }
    for (int64_t& value : values)
        if (value < low || value > high) {
            fail(ErrorKind::Damaged, fmt::format("{} has an entry {}; they lie between {} and {}.", name, value, low, high));
            value = low;
        }
    return values;
}

} // namespace lectern

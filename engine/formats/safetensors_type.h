// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// safetensors' names for element types.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/formats/tensor_type.h"

namespace lectern {

constexpr std::array<std::pair<std::string_view, TensorType>, 8> kSafetensorsTypes{{
    {"F64", TensorType::F64}, {"F32", TensorType::F32}, {"F16", TensorType::F16}, {"BF16", TensorType::BF16},
    {"I64", TensorType::I64}, {"I32", TensorType::I32}, {"I16", TensorType::I16}, {"I8", TensorType::I8},
}};

inline std::optional<TensorType> safetensors_type(std::string_view name) {
    for (const auto& [known, type] : kSafetensorsTypes)
        if (known == name) return type;
    return std::nullopt;
}

inline std::optional<std::string_view> safetensors_name(TensorType type) {
    for (const auto& [name, known] : kSafetensorsTypes)
        if (known == type) return name;
    return std::nullopt;
}

} // namespace lectern

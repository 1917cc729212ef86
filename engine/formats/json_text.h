// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// JSON from outside: parsed with limits, and a key that occurs twice in an object is an error (one reader would take
/// the first, another the last).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"

namespace lectern {

struct JsonLimits {
    size_t depth = 64;
    size_t string_bytes = 64u << 20;
    size_t values = 50'000'000;
};

/// Errors: Damaged (not JSON, a key twice), TooLarge (a limit).
Result<nlohmann::json> parse_json(std::string_view text, const std::filesystem::path& name_for_messages,
                                  const JsonLimits& limits = {});

} // namespace lectern

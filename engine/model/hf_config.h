// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// config.json of a Hugging Face checkpoint, with its several spellings of numbers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace lectern {

class HfConfig {
public:
    /// Errors: NotFound, NoPermission, Damaged.
    static Result<HfConfig> read(const std::filesystem::path& file);
    static Result<HfConfig> parse(std::string text, std::string_view name_for_messages);

    std::optional<int64_t> integer(std::string_view key) const;
    /// Infinity may be written bare, or as {"__float__": "Infinity"}.
    std::optional<double> number(std::string_view key) const;
    std::optional<bool> boolean(std::string_view key) const;
    std::optional<std::string> text(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;
    bool has(std::string_view key) const; ///< there and not null
    /// A number inside the object `outer`, such as rope_parameters.rope_theta.
    std::optional<double> nested_number(std::string_view outer, std::string_view key) const;
    std::optional<std::string> nested_text(std::string_view outer, std::string_view key) const;

private:
    struct Json;
    std::shared_ptr<const Json> json_;
};

} // namespace lectern

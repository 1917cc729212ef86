// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Settings of one library: a JSON value under a key. Thread safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/error.h"
#include "retrieval/store/database.h"

namespace lectern {

class SettingsStore {
public:
    explicit SettingsStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<std::optional<std::string>> get(const std::string& key) const; ///< JSON text
    /// Errors: Internal (not JSON), NoPermission (opened for reading).
    Result<void> set(const std::string& key, const std::string& json);
    Result<void> remove(const std::string& key);
    Result<std::map<std::string, std::string>> all() const;

private:
    std::shared_ptr<Database> database_;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/settings_store.h"

#include "retrieval/store/sqlite.h"

namespace lectern {

Result<std::optional<std::string>> SettingsStore::get(const std::string& key) const {
    return guarded([&]() -> std::optional<std::string> {
        auto connection = database_->reader();
        Statement row = connection->prepare("SELECT value FROM settings WHERE key = ?");
        if (!row.bind(key).step()) return std::nullopt;
        return row.text(0);
    });
}

Result<void> SettingsStore::set(const std::string& key, const std::string& json) {
    return guarded([&] {
        auto connection = database_->writer();
        if (connection->integer("SELECT json_valid(?)", json) != 1)
            store_failure(ErrorKind::Internal, "The setting " + key + " is not JSON.");
        connection
            ->prepare("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = "
                      "excluded.value")
            .bind(key, json)
            .run();
    });
}

Result<void> SettingsStore::remove(const std::string& key) {
    return guarded([&] { database_->writer()->prepare("DELETE FROM settings WHERE key = ?").bind(key).run(); });
}

Result<std::map<std::string, std::string>> SettingsStore::all() const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement rows = connection->prepare("SELECT key, value FROM settings");
        std::map<std::string, std::string> all;
        while (rows.step()) all.emplace(rows.text(0), rows.text(1));
        return all;
    });
}

} // namespace lectern

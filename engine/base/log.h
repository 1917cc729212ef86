// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Logs: one rotating file, one logger per room with its own level. Names, counts and times; never a user's text.
///
/// Before init_logs() messages of level warning and up go to stderr and the rest is dropped, so that libraries and
/// tests need no set-up. Thread safe.
#pragma once

#include <filesystem>
#include <string_view>

#include "engine/base/error.h"

namespace lectern {

enum class LogLevel { Debug, Info, Warning, Error };

class Log {
public:
    explicit Log(std::string_view room) : room_(room) {}
    void debug(std::string_view message) const { write(LogLevel::Debug, message); }
    void info(std::string_view message) const { write(LogLevel::Info, message); }
    void warning(std::string_view message) const { write(LogLevel::Warning, message); }
    void error(std::string_view message) const { write(LogLevel::Error, message); }

private:
    void write(LogLevel level, std::string_view message) const;
    std::string_view room_; // a string literal: one of the rooms' names
};

/// The logger of a room: log("engine").info(fmt::format("loaded {} tensors in {} ms", n, ms)).
/// `room` is a string literal.
inline Log log(std::string_view room) { return Log(room); }

/// Sends the logs to `directory`/lectern.log (5 files of 2 MiB, 0600). `levels` is "info" or
/// "info,engine=debug,ingest=warning"; the environment variable LECTERN_LOG has the same form and wins.
/// Errors: NoPermission, DiskFull (the program goes on, logging to stderr).
Result<void> init_logs(const std::filesystem::path& directory, std::string_view levels);

void flush_logs() noexcept;

} // namespace lectern

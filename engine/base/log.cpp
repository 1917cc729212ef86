// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/base/log.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace lectern {
namespace {

constexpr size_t kLogFileBytes = 2 << 20;
constexpr size_t kLogFiles = 5;

struct Registry {
    std::mutex mutex; // guards everything below
    std::shared_ptr<spdlog::sinks::sink> sink;
    spdlog::level::level_enum default_level = spdlog::level::info;
    std::map<std::string, spdlog::level::level_enum, std::less<>> levels;
    std::map<std::string, std::shared_ptr<spdlog::logger>, std::less<>> loggers;
};

Registry& registry() {
    static Registry* instance = new Registry; // never destroyed: threads may log while the program ends
    return *instance;
}

spdlog::level::level_enum spd_level(LogLevel level) {
    switch (level) {
    case LogLevel::Debug: return spdlog::level::debug;
    case LogLevel::Info: return spdlog::level::info;
    case LogLevel::Warning: return spdlog::level::warn;
    case LogLevel::Error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

void parse_levels(std::string_view text, Registry& into) {
    while (!text.empty()) {
        const size_t comma = text.find(',');
        const std::string_view item = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        const size_t equals = item.find('=');
        const std::string_view level = equals == std::string_view::npos ? item : item.substr(equals + 1);
        const auto parsed = spdlog::level::from_str(std::string(level == "warning" ? "warn" : level));
        if (equals == std::string_view::npos) into.default_level = parsed;
        else into.levels[std::string(item.substr(0, equals))] = parsed;
    }
}

} // namespace

void Log::write(LogLevel level, std::string_view message) const {
    Registry& r = registry();
    std::shared_ptr<spdlog::logger> logger;
    {
        const std::lock_guard lock(r.mutex);
        if (!r.sink) {
            if (level >= LogLevel::Warning)
                std::fprintf(stderr, "lectern %.*s: %.*s\n", int(room_.size()), room_.data(), int(message.size()),
                             message.data());
            return;
        }
        auto found = r.loggers.find(room_);
        if (found == r.loggers.end()) {
            auto fresh = std::make_shared<spdlog::logger>(std::string(room_), r.sink);
            const auto chosen = r.levels.find(room_);
            fresh->set_level(chosen == r.levels.end() ? r.default_level : chosen->second);
            fresh->flush_on(spdlog::level::warn);
            found = r.loggers.emplace(std::string(room_), std::move(fresh)).first;
        }
        logger = found->second;
    }
    logger->log(spd_level(level), spdlog::string_view_t(message.data(), message.size()));
}

Result<void> init_logs(const std::filesystem::path& directory, std::string_view levels) {
    Registry& r = registry();
    const std::lock_guard lock(r.mutex);
    parse_levels(levels, r);
    if (const char* wanted = std::getenv("LECTERN_LOG")) parse_levels(wanted, r);
    r.loggers.clear();
    const auto file = directory / "lectern.log";
    try {
        std::filesystem::create_directories(directory);
        const mode_t before = umask(0077);
        r.sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), kLogFileBytes, kLogFiles - 1);
        umask(before);
        r.sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %P %n %l %v");
    } catch (const std::exception& e) {
        return Error{ErrorKind::NoPermission, fmt::format("Cannot write the log {}: {}", file.string(), e.what())};
    }
    return {};
}

void flush_logs() noexcept {
    Registry& r = registry();
    const std::lock_guard lock(r.mutex);
    if (r.sink) r.sink->flush();
}

} // namespace lectern

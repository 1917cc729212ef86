// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "engine/base/log.h"

namespace lectern {

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::NotFound: return "not_found";
    case ErrorKind::NoPermission: return "no_permission";
    case ErrorKind::Locked: return "locked";
    case ErrorKind::Damaged: return "damaged";
    case ErrorKind::Unsupported: return "unsupported";
    case ErrorKind::TooLarge: return "too_large";
    case ErrorKind::DiskFull: return "disk_full";
    case ErrorKind::OutOfMemory: return "out_of_memory";
    case ErrorKind::Device: return "device";
    case ErrorKind::Busy: return "busy";
    case ErrorKind::Cancelled: return "cancelled";
    case ErrorKind::Internal: return "internal";
    }
    return "internal";
}

static ErrorKind kind_of_errno(int code) {
    switch (code) {
    case ENOENT:
    case ENOTDIR: return ErrorKind::NotFound;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorKind::NoPermission;
    case ENOSPC:
    case EDQUOT: return ErrorKind::DiskFull;
    case ENOMEM: return ErrorKind::OutOfMemory;
    case EFBIG: return ErrorKind::TooLarge;
    case EBUSY:
    case EAGAIN: return ErrorKind::Busy;
    default: return ErrorKind::Internal;
    }
}

Error error_from_errno(int code, std::string_view what, std::string_view path) {
    char buffer[128];
    return {kind_of_errno(code), fmt::format("{} {}: {}.", what, path, strerror_r(code, buffer, sizeof buffer))};
}

void ensure_failed(const char* condition, const char* file, int line, std::string_view facts) noexcept {
    // Written straight to stderr as well: the log may be what is broken.
    std::fprintf(stderr, "lectern: broken invariant at %s:%d: %s (%.*s)\n", file, line, condition,
                 static_cast<int>(facts.size()), facts.data());
    try {
        log("base").error(fmt::format("broken invariant at {}:{}: {} ({})", file, line, condition, facts));
        flush_logs();
    } catch (...) {
    }
    std::abort();
}

} // namespace lectern

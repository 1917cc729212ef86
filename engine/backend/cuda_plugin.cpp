// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/cuda_plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace lectern {
namespace {

constexpr const char* kFileName = "liblectern-cuda.so";
constexpr const char* kEntry = "lectern_backend_v1";

Error other_version(const std::filesystem::path& path) {
    return {ErrorKind::Unsupported,
            fmt::format("CUDA cannot be used: {} belongs to another version of this program.", path.string())};
}

std::string text_of(const LecternMessage& message) {
    return std::string(message.text, ::strnlen(message.text, sizeof message.text));
}

} // namespace

std::filesystem::path cuda_plugin_path() {
    if (const char* folder = std::getenv("LECTERN_LIBEXEC"); folder && *folder)
        return std::filesystem::absolute(std::filesystem::path(folder)) / kFileName;
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (failed) return {};
    return program.parent_path().parent_path() / "lib" / "lectern" / kFileName;
}

Error plugin_error(int32_t status, const LecternMessage& message) {
    const ErrorKind kind = status == LECTERN_UNSUPPORTED     ? ErrorKind::Unsupported
                           : status == LECTERN_OUT_OF_MEMORY ? ErrorKind::OutOfMemory
                           : status == LECTERN_CANCELLED     ? ErrorKind::Cancelled
                                                             : ErrorKind::Device;
    return {kind, text_of(message)};
}

Result<LecternBackendV1> open_cuda_plugin(const std::filesystem::path& path, const LecternHostV1& host) {
    std::error_code failed;
    if (path.empty() || !std::filesystem::exists(path, failed))
        return Error{ErrorKind::NotFound,
                     fmt::format("CUDA cannot be used: this program was built without its plug-in ({} is not there).",
                                 path.empty() ? kFileName : path.string())};
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* why = ::dlerror();
        return Error{ErrorKind::Unsupported,
                     fmt::format("CUDA cannot be used: the plug-in could not be loaded: {}.", why ? why : path.string())};
    }
    const auto entry = reinterpret_cast<LecternBackendEntryV1>(::dlsym(library, kEntry));
    if (!entry) {
        ::dlclose(library);
        return other_version(path);
    }
    LecternBackendV1 backend{};
    backend.size = sizeof backend;
    backend.version = kPluginVersion;
    const int32_t status = entry(&host, &backend);
    if (status != LECTERN_OK) return plugin_error(status, backend.message); // stays loaded: it may have met the driver
    if (backend.size != sizeof backend || backend.version != kPluginVersion || backend.layout != plugin_layout())
        return other_version(path); // its functions, destroy() too, are of a shape that we do not know
    return backend;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/cuda_backend.h"

#include "engine/backend/cuda_plugin.h"
#include "engine/base/log.h"

namespace lectern {
namespace {

void write_log(void*, int32_t level, const char* message) {
    switch (level) {
    case 0: return log("engine").debug(message);
    case 1: return log("engine").info(message);
    case 2: return log("engine").warning(message);
    default: return log("engine").error(message);
    }
}

// No call of Backend carries a stop token into a copy, so there is nothing to ask.
constexpr LecternHostV1 kHost{sizeof(LecternHostV1), kPluginVersion, plugin_layout(), nullptr, write_log, nullptr};

} // namespace

Result<std::shared_ptr<Backend>> CudaBackend::create() { return create(cuda_plugin_path()); }

Result<std::shared_ptr<Backend>> CudaBackend::create(const std::filesystem::path& plugin) {
    auto table = open_cuda_plugin(plugin, kHost);
    if (!table) return table.error();
    return std::shared_ptr<Backend>(new CudaBackend(*table));
}

CudaBackend::~CudaBackend() { table_.destroy(table_.handle); }

Result<DeviceBuffer> CudaBackend::allocate(size_t bytes) {
    if (bytes == 0) return DeviceBuffer();
    void* data = nullptr;
    LecternMessage message{};
    if (const int32_t status = table_.allocate(table_.handle, bytes, &data, &message))
        return plugin_error(status, message);
    return DeviceBuffer(this, data, bytes);
}

void CudaBackend::release(void* data, size_t) noexcept { table_.release(table_.handle, data); }

Result<const void*> CudaBackend::place(std::span<const std::byte> host, DeviceBuffer& buffer) {
    auto copied = allocate(host.size());
    if (!copied) return copied.error();
    LecternMessage message{};
    if (const int32_t status = table_.upload(table_.handle, copied->data(), host.data(), host.size(), &message))
        return plugin_error(status, message);
    buffer = std::move(*copied);
    return static_cast<const void*>(buffer.data());
}

// The plug-in remembers the first failure, and synchronize() tells it.
void CudaBackend::upload(void* to, const void* host, size_t bytes) {
    LecternMessage ignored{};
    (void)table_.upload(table_.handle, to, host, bytes, &ignored);
}

void CudaBackend::download(void* host, const void* from, size_t bytes) {
    LecternMessage ignored{};
    (void)table_.download(table_.handle, host, from, bytes, &ignored);
}

void CudaBackend::copy(void* to, const void* from, size_t bytes) {
    LecternMessage ignored{};
    (void)table_.copy(table_.handle, to, from, bytes, &ignored);
}

Result<void> CudaBackend::synchronize() {
    LecternMessage message{};
    if (const int32_t status = table_.synchronize(table_.handle, &message)) return plugin_error(status, message);
    return {};
}

} // namespace lectern

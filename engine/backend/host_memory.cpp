// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/host_memory.h"

#include <sys/mman.h>

#include <cstring>

#include <fmt/format.h>

namespace lectern {

Result<DeviceBuffer> HostBackend::allocate(size_t bytes) {
    if (bytes == 0) return DeviceBuffer();
    // Pages come zeroed and only when touched, so a KV cache may be as long as the context without costing it.
    void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (data == MAP_FAILED)
        return Error{ErrorKind::OutOfMemory, fmt::format("No memory for {} bytes of model state.", bytes)};
    return DeviceBuffer(this, data, bytes);
}

void HostBackend::release(void* data, size_t bytes) noexcept { ::munmap(data, bytes); }

Result<const void*> HostBackend::place(std::span<const std::byte> host, DeviceBuffer& buffer) {
    // Kernels read whole numbers at their natural alignment; a file may hold them elsewhere.
    constexpr uintptr_t kAlignment = 4;
    if (reinterpret_cast<uintptr_t>(host.data()) % kAlignment == 0) return static_cast<const void*>(host.data());
    auto copied = allocate(host.size());
    if (!copied) return copied.error();
    buffer = std::move(*copied);
    std::memcpy(buffer.data(), host.data(), host.size());
    return static_cast<const void*>(buffer.data());
}

void HostBackend::upload(void* to, const void* host, size_t bytes) { std::memcpy(to, host, bytes); }
void HostBackend::download(void* host, const void* from, size_t bytes) { std::memcpy(host, from, bytes); }
void HostBackend::copy(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }

} // namespace lectern

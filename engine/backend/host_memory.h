// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Memory for backends that compute in the host's memory.
#pragma once

#include "engine/backend/backend.h"

namespace lectern {

class HostBackend : public Backend {
public:
    Result<DeviceBuffer> allocate(size_t bytes) override;
    void release(void* data, size_t bytes) noexcept override;
    Result<const void*> place(std::span<const std::byte> host, DeviceBuffer& buffer) override;
    void upload(void* to, const void* host, size_t bytes) override;
    void download(void* host, const void* from, size_t bytes) override;
    void copy(void* to, const void* from, size_t bytes) override;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The backend on an NVIDIA GPU: forwards everything to the plug-in, so that the program itself links nothing of CUDA.
#pragma once

#include <filesystem>

#include "engine/backend/backend.h"
#include "engine/backend/plugin_abi.h"

namespace lectern {

class CudaBackend : public Backend {
public:
    /// On the first GPU. Errors: as open_cuda_plugin; one sentence, the caller goes on with "cpu" or tells.
    static Result<std::shared_ptr<Backend>> create();
    static Result<std::shared_ptr<Backend>> create(const std::filesystem::path& plugin);
    ~CudaBackend() override;
    CudaBackend(const CudaBackend&) = delete;
    CudaBackend& operator=(const CudaBackend&) = delete;

    std::string_view name() const override { return "cuda"; }
    std::string arithmetic() const override { return table_.arithmetic; }
    std::string_view device() const { return table_.device; }

    Result<DeviceBuffer> allocate(size_t bytes) override;
    void release(void* data, size_t bytes) noexcept override;
    Result<const void*> place(std::span<const std::byte> host, DeviceBuffer& buffer) override;
    void upload(void* to, const void* host, size_t bytes) override;
    void download(void* host, const void* from, size_t bytes) override;
    void copy(void* to, const void* from, size_t bytes) override;
    Result<void> synchronize() override;

#define LECTERN_FORWARD(name, Args)                                                                                    \
    void name(const Args& args) override { table_.name(table_.handle, &args); }
    LECTERN_OPERATIONS(LECTERN_FORWARD)
#undef LECTERN_FORWARD

private:
    explicit CudaBackend(const LecternBackendV1& table) : table_(table) {}
    LecternBackendV1 table_;
};

} // namespace lectern

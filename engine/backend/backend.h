// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// What a device offers: memory and some twenty operations with the field's names. Layers are written once against this
/// table; the reference is the documentation of the mathematics and the judge of the others.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/kernels/attention/attention.h"
#include "engine/kernels/causal_conv1d/causal_conv1d.h"
#include "engine/kernels/elementwise/elementwise.h"
#include "engine/kernels/linear/linear.h"
#include "engine/kernels/moe/moe.h"
#include "engine/kernels/norm/norm.h"
#include "engine/kernels/ssd_scan/ssd_scan.h"

namespace lectern {

class Backend;

/// Memory of a backend; freed with the object, which must not outlive the backend.
class DeviceBuffer {
public:
    DeviceBuffer() = default;
    DeviceBuffer(Backend* backend, void* data, size_t bytes) : backend_(backend), data_(data), bytes_(bytes) {}
    ~DeviceBuffer();
    DeviceBuffer(DeviceBuffer&& other) noexcept { *this = std::move(other); }
    DeviceBuffer& operator=(DeviceBuffer&& other) noexcept;

    void* data() const { return data_; }
    float* floats() const { return static_cast<float*>(data_); }
    size_t bytes() const { return bytes_; }

private:
    Backend* backend_ = nullptr;
    void* data_ = nullptr;
    size_t bytes_ = 0;
};

/// Used by one thread at a time. Operations may run behind the caller's back; download() waits for them.
class Backend {
public:
    virtual ~Backend() = default;
    virtual std::string_view name() const = 0;
    /// What decides the bits of a result: backend, instruction set, kernel version. Part of a state's numerics.
    virtual std::string arithmetic() const = 0;

    /// Zeroed memory, 64-byte aligned. Large buffers cost memory only where they are touched (cpu).
    /// Errors: OutOfMemory, naming the bytes wanted.
    virtual Result<DeviceBuffer> allocate(size_t bytes) = 0;
    virtual void release(void* data, size_t bytes) noexcept = 0;
    /// Makes host bytes usable by operations: in place where the device reads host memory, else a copy held in `buffer`.
    virtual Result<const void*> place(std::span<const std::byte> host, DeviceBuffer& buffer) = 0;
    virtual void upload(void* to, const void* host, size_t bytes) = 0;
    virtual void download(void* host, const void* from, size_t bytes) = 0;
    virtual void copy(void* to, const void* from, size_t bytes) = 0;
    /// Waits for all operations. Errors: the first one's since the backend was made, which stays (a device that failed
    /// computes no more). Device, Unsupported (a shape that it has no kernel for), OutOfMemory.
    virtual Result<void> synchronize() { return {}; }

    virtual void embed_rows(const EmbedRowsArgs& args) = 0;
    virtual void linear(const LinearArgs& args) = 0;
    virtual void rms_norm(const RmsNormArgs& args) = 0;
    virtual void gated_rms_norm(const GatedRmsNormArgs& args) = 0;
    virtual void layer_norm(const LayerNormArgs& args) = 0;
    virtual void causal_conv1d(const CausalConv1dArgs& args) = 0;
    virtual void ssd_scan(const SsdScanArgs& args) = 0;
    virtual void rope(const RopeArgs& args) = 0;
    virtual void store_kv(const StoreKvArgs& args) = 0;
    virtual void attention(const AttentionArgs& args) = 0;
    virtual void moe_route(const MoeRouteArgs& args) = 0;
    virtual void moe_experts(const MoeExpertsArgs& args) = 0;
    virtual void swiglu(const SwiGluArgs& args) = 0;
    virtual void gelu(const GeluArgs& args) = 0;
    virtual void add_scaled(const AddScaledArgs& args) = 0;
};

/// "reference", "cpu" or "cuda"; `threads` 0 means one a core. Errors: Unsupported (unknown name; says which there are);
/// for "cuda" one sentence that says why it cannot be used here (docs/cuda.md).
Result<std::shared_ptr<Backend>> make_backend(std::string_view name, int threads = 0);

} // namespace lectern

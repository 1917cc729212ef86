// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// What all operations of the plug-in share: the stream, the first failure, and working memory that grows.
#pragma once

#include <cuda_runtime.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/backend/plugin_abi.h"

namespace lectern::cuda {

/// Working memory by purpose: what one operation holds at a time has a slot of its own.
enum class Slot { Panel, Inputs, Scales, Pairs, Experts, Attention, Ids, Steps };
constexpr size_t kSlots = 8;

class Context {
public:
    explicit Context(const LecternHostV1& host) : host_(host) {}
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// Makes the stream on device 0. Not LECTERN_OK: `message` says why.
    int32_t open(LecternMessage& message, LecternBackendV1& backend);

    cudaStream_t stream() const { return stream_; }
    int multiprocessors() const { return multiprocessors_; }
    bool failed() const { return status_ != LECTERN_OK; }
    bool cancelled() const { return host_.cancelled && host_.cancelled(host_.context) != 0; }
    void log(int32_t level, const char* text) const;

    /// Remembers a failure; the first one stays.
    void fail(int32_t status, const char* format, ...) __attribute__((format(printf, 3, 4)));
    /// Remembers what a call of CUDA said, if it is an error. True: it went well.
    bool check(cudaError_t error, const char* what);
    /// After a launch.
    bool launched(const char* operation) { return check(cudaGetLastError(), operation); }
    /// The first failure, for the program.
    int32_t report(LecternMessage& message) const;

    /// At least `bytes` of device memory, kept for the next call; null after a failure.
    void* working(Slot slot, size_t bytes);

private:
    struct Memory {
        void* data = nullptr;
        size_t bytes = 0;
    };
    LecternHostV1 host_;
    cudaStream_t stream_ = nullptr;
    int multiprocessors_ = 1;
    std::array<Memory, kSlots> memory_{};
    int32_t status_ = LECTERN_OK;
    LecternMessage why_{};
};

/// Writes a sentence. Always ends it.
void write(LecternMessage& message, const char* format, ...) __attribute__((format(printf, 2, 3)));

} // namespace lectern::cuda

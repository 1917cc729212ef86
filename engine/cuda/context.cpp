// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/cuda/context.h"

#include <cstdarg>
#include <cstdio>

#include "engine/cuda/operations.h"

namespace lectern::cuda {

void write(LecternMessage& message, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(message.text, sizeof message.text, format, arguments);
    va_end(arguments);
}

Context::~Context() {
    for (const Memory& memory : memory_) cudaFree(memory.data);
    if (stream_) cudaStreamDestroy(stream_);
}

int32_t Context::open(LecternMessage& message, LecternBackendV1& backend) {
    int devices = 0;
    switch (const cudaError_t error = cudaGetDeviceCount(&devices)) {
    case cudaSuccess: break;
    case cudaErrorInsufficientDriver:
        write(message, "CUDA cannot be used: there is no NVIDIA driver here, or it is older than CUDA %d.%d needs.",
              CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
        return LECTERN_UNSUPPORTED;
    case cudaErrorNoDevice: devices = 0; break;
    default:
        write(message, "CUDA cannot be used: %s.", cudaGetErrorString(error));
        return LECTERN_UNSUPPORTED;
    }
    if (devices == 0) {
        write(message, "CUDA cannot be used: this machine has no NVIDIA GPU that its driver offers.");
        return LECTERN_UNSUPPORTED;
    }
    cudaDeviceProp properties{};
    cudaError_t error = cudaSetDevice(0);
    if (error == cudaSuccess) error = cudaGetDeviceProperties(&properties, 0);
    if (error == cudaSuccess && !kernels_fit_device()) {
        (void)cudaGetLastError();
        write(message, "CUDA cannot be used: this build's kernels are not for the %s (compute capability %d.%d).",
              properties.name, properties.major, properties.minor);
        return LECTERN_UNSUPPORTED;
    }
    if (error == cudaSuccess) error = cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking);
    if (error != cudaSuccess) {
        write(message, "CUDA cannot be used: the %s did not start: %s.", properties.name, cudaGetErrorString(error));
        return error == cudaErrorMemoryAllocation ? LECTERN_OUT_OF_MEMORY : LECTERN_DEVICE;
    }
    multiprocessors_ = properties.multiProcessorCount;
    std::snprintf(backend.device, sizeof backend.device, "%s", properties.name);
    std::snprintf(backend.arithmetic, sizeof backend.arithmetic, "cuda-sm%d%d-%d", properties.major, properties.minor,
                  kKernelVersion);
    return LECTERN_OK;
}

void Context::log(int32_t level, const char* text) const {
    if (host_.log) host_.log(host_.context, level, text);
}

void Context::fail(int32_t status, const char* format, ...) {
    if (failed()) return;
    status_ = status;
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(why_.text, sizeof why_.text, format, arguments);
    va_end(arguments);
    log(3, why_.text);
}

bool Context::check(cudaError_t error, const char* what) {
    if (error == cudaSuccess) return !failed();
    fail(error == cudaErrorMemoryAllocation ? LECTERN_OUT_OF_MEMORY : LECTERN_DEVICE, "The GPU failed in %s: %s.", what,
         cudaGetErrorString(error));
    return false;
}

int32_t Context::report(LecternMessage& message) const {
    message = why_;
    return status_;
}

void* Context::working(Slot slot, size_t bytes) {
    if (failed()) return nullptr;
    Memory& memory = memory_[static_cast<size_t>(slot)];
    if (memory.bytes >= bytes) return memory.data;
    // cudaFree waits for the operations that still use it.
    check(cudaFree(memory.data), "working memory");
    memory = {};
    if (const cudaError_t error = cudaMalloc(&memory.data, bytes); error != cudaSuccess) {
        (void)cudaGetLastError();
        memory = {};
        fail(error == cudaErrorMemoryAllocation ? LECTERN_OUT_OF_MEMORY : LECTERN_DEVICE,
             "The GPU has no room for %.0f MiB of working memory: %s.", double(bytes) / (1 << 20),
             cudaGetErrorString(error));
        return nullptr;
    }
    memory.bytes = bytes;
    return memory.data;
}

} // namespace lectern::cuda

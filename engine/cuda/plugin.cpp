// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The plug-in's one exported function and the table behind it.

#include <cstring>
#include <new>

#include "engine/cuda/operations.h"

namespace lectern::cuda {
namespace {

Context& context_of(void* handle) { return *static_cast<Context*>(handle); }

constexpr uint64_t kPiece = uint64_t(64) << 20; // between two pieces of a copy the program may cancel

int32_t allocate(void* handle, uint64_t bytes, void** data, LecternMessage* message) {
    Context& context = context_of(handle);
    if (context.failed()) return context.report(*message);
    if (const cudaError_t error = cudaMalloc(data, bytes); error != cudaSuccess) {
        (void)cudaGetLastError(); // too little memory is no lasting failure
        size_t free = 0, total = 0;
        (void)cudaMemGetInfo(&free, &total);
        write(*message, "The GPU has no room for %.1f MiB more: %.0f of its %.0f MiB are free (%s).",
              double(bytes) / (1 << 20), double(free) / (1 << 20), double(total) / (1 << 20), cudaGetErrorString(error));
        return error == cudaErrorMemoryAllocation ? LECTERN_OUT_OF_MEMORY : LECTERN_DEVICE;
    }
    if (context.check(cudaMemsetAsync(*data, 0, bytes, context.stream()), "clearing memory")) return LECTERN_OK;
    cudaFree(*data);
    return context.report(*message);
}

void release(void* handle, void* data) {
    if (context_of(handle).stream()) cudaFree(data);
}

int32_t transfer(Context& context, void* to, const void* from, uint64_t bytes, cudaMemcpyKind kind,
                 LecternMessage* message) {
    for (uint64_t done = 0; done < bytes && !context.failed(); done += kPiece) {
        if (context.cancelled()) {
            write(*message, "Copying to or from the GPU was cancelled.");
            return LECTERN_CANCELLED;
        }
        const uint64_t piece = bytes - done < kPiece ? bytes - done : kPiece;
        context.check(cudaMemcpyAsync(static_cast<char*>(to) + done, static_cast<const char*>(from) + done, piece, kind,
                                      context.stream()),
                      "a copy");
        if (kind != cudaMemcpyDeviceToDevice) context.check(cudaStreamSynchronize(context.stream()), "an operation");
    }
    return context.report(*message);
}

int32_t upload(void* handle, void* to, const void* host, uint64_t bytes, LecternMessage* message) {
    return transfer(context_of(handle), to, host, bytes, cudaMemcpyHostToDevice, message);
}

int32_t download(void* handle, void* host, const void* from, uint64_t bytes, LecternMessage* message) {
    const int32_t status = transfer(context_of(handle), host, from, bytes, cudaMemcpyDeviceToHost, message);
    if (status != LECTERN_OK) std::memset(host, 0, bytes); // never yesterday's numbers
    return status;
}

int32_t copy(void* handle, void* to, const void* from, uint64_t bytes, LecternMessage* message) {
    return transfer(context_of(handle), to, from, bytes, cudaMemcpyDeviceToDevice, message);
}

int32_t synchronize(void* handle, LecternMessage* message) {
    Context& context = context_of(handle);
    if (!context.failed()) context.check(cudaStreamSynchronize(context.stream()), "an operation");
    return context.report(*message);
}

void destroy(void* handle) { delete static_cast<Context*>(handle); }

#define LECTERN_ENTER(name, Args)                                                                                      \
    void enter_##name(void* handle, const Args* args) {                                                                \
        Context& context = context_of(handle);                                                                         \
        if (!context.failed()) name(*args, context);                                                                   \
    }
LECTERN_OPERATIONS(LECTERN_ENTER)
#undef LECTERN_ENTER

void fill(LecternBackendV1& backend, Context* context) {
    backend.layout = plugin_layout();
    backend.handle = context;
    backend.destroy = destroy;
    backend.allocate = allocate;
    backend.release = release;
    backend.upload = upload;
    backend.download = download;
    backend.copy = copy;
    backend.synchronize = synchronize;
#define LECTERN_SET(name, Args) backend.name = enter_##name;
    LECTERN_OPERATIONS(LECTERN_SET)
#undef LECTERN_SET
}

} // namespace
} // namespace lectern::cuda

extern "C" __attribute__((visibility("default"))) int32_t lectern_backend_v1(const LecternHostV1* host,
                                                                            LecternBackendV1* backend) {
    using namespace lectern;
    if (host->version != kPluginVersion || host->size != sizeof(LecternHostV1) || backend->version != kPluginVersion ||
        backend->size != sizeof(LecternBackendV1) || host->layout != plugin_layout()) {
        cuda::write(backend->message, "CUDA cannot be used: the plug-in is of version %u and this program asks for %u.",
                    kPluginVersion, host->version);
        return LECTERN_UNSUPPORTED;
    }
    auto* context = new (std::nothrow) cuda::Context(*host);
    if (!context) {
        cuda::write(backend->message, "CUDA cannot be used: there is no memory left.");
        return LECTERN_OUT_OF_MEMORY;
    }
    if (const int32_t status = context->open(backend->message, *backend); status != LECTERN_OK) {
        delete context;
        return status;
    }
    cuda::fill(*backend, context);
    return LECTERN_OK;
}

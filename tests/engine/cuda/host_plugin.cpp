// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A plug-in that computes on the host with the reference operations: what crosses the door can be tested without a GPU.
/// Nothing over 1 MiB fits in it, and a download of more than 64 bytes makes it fail for good.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "engine/backend/plugin_abi.h"

namespace {

bool failed = false;

int32_t report(LecternMessage* message) {
    if (!failed) return LECTERN_OK;
    std::strcpy(message->text, "The device fell off.");
    return LECTERN_DEVICE;
}

int32_t allocate(void*, uint64_t bytes, void** data, LecternMessage* message) {
    if (bytes > (1 << 20)) {
        std::snprintf(message->text, sizeof message->text, "There is no room for %llu bytes.",
                      static_cast<unsigned long long>(bytes));
        return LECTERN_OUT_OF_MEMORY;
    }
    *data = std::calloc(1, bytes);
    return LECTERN_OK;
}
void release(void*, void* data) { std::free(data); }
int32_t move(void* to, const void* from, uint64_t bytes, LecternMessage* message) {
    if (!failed) std::memcpy(to, from, bytes);
    return report(message);
}
int32_t upload(void*, void* to, const void* host, uint64_t bytes, LecternMessage* m) { return move(to, host, bytes, m); }
int32_t copy(void*, void* to, const void* from, uint64_t bytes, LecternMessage* m) { return move(to, from, bytes, m); }
int32_t download(void*, void* host, const void* from, uint64_t bytes, LecternMessage* message) {
    if (bytes > 64) failed = true;
    return move(host, from, bytes, message);
}
int32_t synchronize(void*, LecternMessage* message) { return report(message); }
void destroy(void*) { failed = false; }

#define LECTERN_ENTER(name, Args)                                                                                      \
    void enter_##name(void*, const lectern::Args* args) { lectern::name##_ref(*args); }
LECTERN_OPERATIONS(LECTERN_ENTER)

} // namespace

extern "C" __attribute__((visibility("default"))) int32_t lectern_backend_v1(const LecternHostV1* host,
                                                                            LecternBackendV1* backend) {
    if (host->log) host->log(host->context, 0, "the host plug-in was opened");
    backend->layout = lectern::plugin_layout();
    std::strcpy(backend->arithmetic, "host-1");
    std::strcpy(backend->device, "a host");
    backend->destroy = destroy;
    backend->allocate = allocate;
    backend->release = release;
    backend->upload = upload;
    backend->download = download;
    backend->copy = copy;
    backend->synchronize = synchronize;
#define LECTERN_SET(name, Args) backend->name = enter_##name;
    LECTERN_OPERATIONS(LECTERN_SET)
    return LECTERN_OK;
}

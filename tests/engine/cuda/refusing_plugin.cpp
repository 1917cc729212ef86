// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Plug-ins that must be refused; which one is a definition of the build.

#include <cstring>

#include "engine/backend/plugin_abi.h"

#ifndef LECTERN_FAKE_no_entry
extern "C" __attribute__((visibility("default"))) int32_t lectern_backend_v1(const LecternHostV1*, LecternBackendV1* backend) {
    backend->layout = lectern::plugin_layout();
#if defined(LECTERN_FAKE_other_version)
    backend->version = lectern::kPluginVersion + 1;
    return LECTERN_OK;
#elif defined(LECTERN_FAKE_other_layout)
    backend->layout ^= 1;
    return LECTERN_OK;
#else
    std::strcpy(backend->message.text, "The GPU is full.");
    return LECTERN_OUT_OF_MEMORY;
#endif
}
#else
extern "C" __attribute__((visibility("default"))) int32_t lectern_backend_v2() { return LECTERN_OK; }
#endif

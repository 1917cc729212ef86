// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The door between the program and a compute plug-in: one C function, two plain structs, nothing thrown, nothing of the
/// standard library passed, nothing freed on the other side. docs/cuda.md tells how a plug-in is found and refused.
///
/// Operations take the argument structs of engine/kernels as they are. Adding an operation is one line in
/// LECTERN_OPERATIONS. Whoever changes that list or one of the structs raises kPluginVersion; the test of the layout
/// (tests/engine/cuda/plugin_test.cpp) reminds them, and a plug-in of another layout is refused at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "engine/kernels/attention/attention.h"
#include "engine/kernels/causal_conv1d/causal_conv1d.h"
#include "engine/kernels/elementwise/elementwise.h"
#include "engine/kernels/linear/linear.h"
#include "engine/kernels/moe/moe.h"
#include "engine/kernels/norm/norm.h"
#include "engine/kernels/ssd_scan/ssd_scan.h"

/// Every operation of Backend with its arguments.
#define LECTERN_OPERATIONS(X)                                                                                          \
    X(embed_rows, EmbedRowsArgs)                                                                                       \
    X(linear, LinearArgs)                                                                                              \
    X(rms_norm, RmsNormArgs)                                                                                           \
    X(gated_rms_norm, GatedRmsNormArgs)                                                                                \
    X(layer_norm, LayerNormArgs)                                                                                       \
    X(causal_conv1d, CausalConv1dArgs)                                                                                 \
    X(ssd_scan, SsdScanArgs)                                                                                           \
    X(rope, RopeArgs)                                                                                                  \
    X(store_kv, StoreKvArgs)                                                                                           \
    X(attention, AttentionArgs)                                                                                        \
    X(moe_route, MoeRouteArgs)                                                                                         \
    X(moe_experts, MoeExpertsArgs)                                                                                     \
    X(swiglu, SwiGluArgs)                                                                                              \
    X(gelu, GeluArgs)                                                                                                  \
    X(add_scaled, AddScaledArgs)

extern "C" {

/// What a call of the plug-in says: 0, or why it failed.
enum LecternStatus : int32_t {
    LECTERN_OK = 0,
    LECTERN_UNSUPPORTED = 1, ///< version, driver, card or shape
    LECTERN_OUT_OF_MEMORY = 2,
    LECTERN_DEVICE = 3,
    LECTERN_CANCELLED = 4,
};

/// One English sentence, ended by a zero byte.
struct LecternMessage {
    char text[512];
};

/// What the program offers; it outlives the backend. Callbacks may be null.
struct LecternHostV1 {
    uint32_t size;    ///< sizeof(LecternHostV1) as the program was built
    uint32_t version; ///< lectern::kPluginVersion likewise
    uint64_t layout;  ///< lectern::plugin_layout() likewise
    void* context;    ///< handed back to the callbacks
    void (*log)(void* context, int32_t level, const char* message); ///< level: 0 debug, 1 info, 2 warning, 3 error
    int32_t (*cancelled)(void* context); ///< asked between the pieces of a long copy; not 0: stop with LECTERN_CANCELLED
};

/// What the plug-in offers: filled in by it, but for size and version, which the program sets first. Used by one thread
/// at a time. Operations only enqueue: a failure is remembered, makes what follows do nothing, and is told by
/// download() and synchronize().
struct LecternBackendV1 {
    uint32_t size;          ///< sizeof(LecternBackendV1)
    uint32_t version;       ///< lectern::kPluginVersion
    LecternMessage message; ///< why the plug-in refused; stays at this place in every version
    uint64_t layout;        ///< lectern::plugin_layout() as the plug-in was built
    void* handle;           ///< the first argument of all functions
    char arithmetic[64];    ///< what decides the bits of a result
    char device[256];       ///< the card's name
    void (*destroy)(void* handle);
    int32_t (*allocate)(void* handle, uint64_t bytes, void** data, LecternMessage* message); ///< zeroed
    void (*release)(void* handle, void* data);
    int32_t (*upload)(void* handle, void* to, const void* host, uint64_t bytes, LecternMessage* message);
    int32_t (*download)(void* handle, void* host, const void* from, uint64_t bytes, LecternMessage* message);
    int32_t (*copy)(void* handle, void* to, const void* from, uint64_t bytes, LecternMessage* message);
    int32_t (*synchronize)(void* handle, LecternMessage* message);
#define LECTERN_MEMBER(name, Args) void (*name)(void* handle, const lectern::Args* args);
    LECTERN_OPERATIONS(LECTERN_MEMBER)
#undef LECTERN_MEMBER
};

/// The exported symbol, "lectern_backend_v1". Not LECTERN_OK: nothing is left behind, and the message says why.
typedef int32_t (*LecternBackendEntryV1)(const LecternHostV1* host, LecternBackendV1* backend);

} // extern "C"

namespace lectern {

/// Raised with every change of the structs above or of an operation's arguments.
constexpr uint32_t kPluginVersion = 1;

#define LECTERN_PLAIN(name, Args)                                                                                      \
    static_assert(std::is_trivially_copyable_v<Args> && std::is_standard_layout_v<Args>,                               \
                  #Args " crosses the plug-in's door and must be plain");
LECTERN_OPERATIONS(LECTERN_PLAIN)
#undef LECTERN_PLAIN

/// A number that changes when an argument struct changes its size or alignment (FNV-1a over both, in order).
constexpr uint64_t plugin_layout() {
    uint64_t hash = 0xcbf29ce484222325u;
    const auto add = [&](uint64_t value) { hash = (hash ^ value) * 0x100000001b3u; };
    add(sizeof(LecternHostV1));
    add(sizeof(LecternBackendV1));
#define LECTERN_ADD(name, Args) add(sizeof(Args)), add(alignof(Args));
    LECTERN_OPERATIONS(LECTERN_ADD)
#undef LECTERN_ADD
    return hash;
}

} // namespace lectern

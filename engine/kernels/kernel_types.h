// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// What every operation shares: where its numbers live and in which phase it runs.
#pragma once

#include <cstdint>

#include "engine/formats/tensor_type.h"

namespace lectern {

/// Prefill arithmetic gives a row the same bits however many rows share the call; one-token kernels belong to decode.
enum class Phase : uint8_t { Prefill, Decode };

/// A matrix [rows, cols] (or [experts, rows, cols]) in its stored type, in the memory of the backend that runs it.
struct Weight {
    const void* data = nullptr;
    TensorType type = TensorType::F32;
    int64_t rows = 0; ///< outputs
    int64_t cols = 0; ///< inputs
    int64_t experts = 1;

    explicit operator bool() const { return data != nullptr; }
    size_t row_stride() const { return row_bytes(type, static_cast<uint64_t>(cols)); }
    Weight expert(int64_t e) const {
        Weight w = *this;
        w.data = static_cast<const char*>(data) + static_cast<size_t>(e * rows) * row_stride();
        w.experts = 1;
        return w;
    }
};

/// How keys and values are stored.
enum class KvType : uint8_t { F32, Bf16 };
constexpr size_t kv_bytes(KvType type) { return type == KvType::F32 ? 4 : 2; }

} // namespace lectern

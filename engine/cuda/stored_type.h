// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Block sizes of the stored types, known at compile time. Equal to info(), which a test proves.
#pragma once

#include "engine/formats/tensor_type.h"

namespace lectern::cuda {

struct Block {
    int elements;
    int bytes;
};

/// Every stored type: X(type, elements of a block, bytes of a block).
#define LECTERN_STORED_TYPES(X)                                                                                        \
    X(F32, 1, 4)                                                                                                       \
    X(F16, 1, 2)                                                                                                       \
    X(Q4_0, 32, 18)                                                                                                    \
    X(Q4_1, 32, 20)                                                                                                    \
    X(Q5_0, 32, 22)                                                                                                    \
    X(Q5_1, 32, 24)                                                                                                    \
    X(Q8_0, 32, 34)                                                                                                    \
    X(Q2_K, 256, 84)                                                                                                   \
    X(Q3_K, 256, 110)                                                                                                  \
    X(Q4_K, 256, 144)                                                                                                  \
    X(Q5_K, 256, 176)                                                                                                  \
    X(Q6_K, 256, 210)                                                                                                  \
    X(IQ4_NL, 32, 18)                                                                                                  \
    X(IQ4_XS, 256, 136)                                                                                                \
    X(I8, 1, 1)                                                                                                        \
    X(I16, 1, 2)                                                                                                       \
    X(I32, 1, 4)                                                                                                       \
    X(I64, 1, 8)                                                                                                       \
    X(F64, 1, 8)                                                                                                       \
    X(BF16, 1, 2)                                                                                                      \
    X(MXFP4, 32, 17)

constexpr Block block_of(TensorType type) {
    switch (type) {
#define LECTERN_BLOCK(name, elements, bytes)                                                                           \
    case TensorType::name: return {elements, bytes};
        LECTERN_STORED_TYPES(LECTERN_BLOCK)
#undef LECTERN_BLOCK
    }
    return {0, 0};
}

/// The same as constants, which device code may use.
template <TensorType type>
inline constexpr int kBlockElements = block_of(type).elements;
template <TensorType type>
inline constexpr int kBlockBytes = block_of(type).bytes;

} // namespace lectern::cuda

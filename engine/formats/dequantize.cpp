// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// One function a block format: block bytes in, its weights out. Layouts and formulas: docs/formats.md, "Blocks".

#include <bit>
#include <cstring>

#include "engine/formats/tensor_type.h"

namespace lectern {
namespace {

using Byte = uint8_t;

template <class T>
T load(const Byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

float half_at(const Byte* at) { return f16_to_f32(load<uint16_t>(at)); }
int lo(Byte b) { return b & 15; }
int hi(Byte b) { return b >> 4; }

void q8_0(const Byte* b, float* y) {
    const float d = half_at(b);
    for (int j = 0; j < 32; ++j) y[j] = d * static_cast<int8_t>(b[2 + j]);
}

void q4_0(const Byte* b, float* y) {
    const float d = half_at(b);
    for (int j = 0; j < 16; ++j) {
        y[j] = d * (lo(b[2 + j]) - 8);
        y[j + 16] = d * (hi(b[2 + j]) - 8);
    }
}

void q4_1(const Byte* b, float* y) {
    const float d = half_at(b), m = half_at(b + 2);
    for (int j = 0; j < 16; ++j) {
        y[j] = d * lo(b[4 + j]) + m;
        y[j + 16] = d * hi(b[4 + j]) + m;
    }
}

void q5_0(const Byte* b, float* y) {
    const float d = half_at(b);
    const auto high = load<uint32_t>(b + 2);
    for (int j = 0; j < 16; ++j) {
        y[j] = d * ((lo(b[6 + j]) | int((high >> j) & 1) << 4) - 16);
        y[j + 16] = d * ((hi(b[6 + j]) | int((high >> (j + 16)) & 1) << 4) - 16);
    }
}

void q5_1(const Byte* b, float* y) {
    const float d = half_at(b), m = half_at(b + 2);
    const auto high = load<uint32_t>(b + 4);
    for (int j = 0; j < 16; ++j) {
        y[j] = d * (lo(b[8 + j]) | int((high >> j) & 1) << 4) + m;
        y[j + 16] = d * (hi(b[8 + j]) | int((high >> (j + 16)) & 1) << 4) + m;
    }
}

void q2_k(const Byte* b, float* y) {
    const Byte* scales = b;
    const Byte* qs = b + 16;
    const float d = half_at(b + 80), dmin = half_at(b + 82);
    for (int n = 0; n < 2; ++n)
        for (int j = 0; j < 4; ++j)
            for (int p = 0; p < 2; ++p) {
                const Byte scale = scales[8 * n + 2 * j + p];
                const float a = d * lo(scale), m = dmin * hi(scale);
                for (int l = 0; l < 16; ++l)
                    y[128 * n + 32 * j + 16 * p + l] = a * ((qs[32 * n + 16 * p + l] >> (2 * j)) & 3) - m;
            }
}

void q3_k(const Byte* b, float* y) {
    const Byte* mask = b;
    const Byte* qs = b + 32;
    const Byte* scales = b + 96;
    const float d = half_at(b + 108);
    for (int n = 0; n < 2; ++n)
        for (int j = 0; j < 4; ++j)
            for (int p = 0; p < 2; ++p) {
                const int s = 8 * n + 2 * j + p;
                const int low = s < 8 ? lo(scales[s]) : hi(scales[s - 8]);
                const int high = (scales[8 + (s & 3)] >> (2 * (s >> 2))) & 3;
                const float a = d * ((low | high << 4) - 32);
                for (int l = 0; l < 16; ++l) {
                    const int below = (mask[16 * p + l] >> (4 * n + j)) & 1 ? 0 : 4;
                    y[128 * n + 32 * j + 16 * p + l] = a * (((qs[32 * n + 16 * p + l] >> (2 * j)) & 3) - below);
                }
            }
}

struct ScaleMin {
    int scale, min;
};

/// The six-bit scale and minimum of sub-block j in the 12 bytes that Q4_K and Q5_K share.
ScaleMin scale_min(const Byte* b, int j) {
    if (j < 4) return {b[j] & 63, b[j + 4] & 63};
    return {(b[j + 4] & 15) | (b[j - 4] >> 6) << 4, (b[j + 4] >> 4) | (b[j] >> 6) << 4};
}

void q4_k(const Byte* b, float* y) {
    const float d = half_at(b), dmin = half_at(b + 2);
    const Byte* qs = b + 16;
    for (int c = 0; c < 4; ++c) {
        const ScaleMin first = scale_min(b + 4, 2 * c), second = scale_min(b + 4, 2 * c + 1);
        for (int l = 0; l < 32; ++l) {
            y[64 * c + l] = d * first.scale * lo(qs[32 * c + l]) - dmin * first.min;
            y[64 * c + 32 + l] = d * second.scale * hi(qs[32 * c + l]) - dmin * second.min;
        }
    }
}

void q5_k(const Byte* b, float* y) {
    const float d = half_at(b), dmin = half_at(b + 2);
    const Byte* qh = b + 16;
    const Byte* qs = b + 48;
    for (int c = 0; c < 4; ++c) {
        const ScaleMin first = scale_min(b + 4, 2 * c), second = scale_min(b + 4, 2 * c + 1);
        for (int l = 0; l < 32; ++l) {
            const int q0 = lo(qs[32 * c + l]) + 16 * ((qh[l] >> (2 * c)) & 1);
            const int q1 = hi(qs[32 * c + l]) + 16 * ((qh[l] >> (2 * c + 1)) & 1);
            y[64 * c + l] = d * first.scale * q0 - dmin * first.min;
            y[64 * c + 32 + l] = d * second.scale * q1 - dmin * second.min;
        }
    }
}

void q6_k(const Byte* b, float* y) {
    const float d = half_at(b + 208);
    for (int n = 0; n < 2; ++n) {
        const Byte* ql = b + 64 * n;
        const Byte* qh = b + 128 + 32 * n;
        const Byte* scales = b + 192 + 8 * n;
        for (int l = 0; l < 32; ++l) {
            const int i = l / 16;
            const int q[4] = {lo(ql[l]) | (qh[l] & 3) << 4, lo(ql[l + 32]) | ((qh[l] >> 2) & 3) << 4,
                              hi(ql[l]) | ((qh[l] >> 4) & 3) << 4, hi(ql[l + 32]) | ((qh[l] >> 6) & 3) << 4};
            for (int part = 0; part < 4; ++part)
                y[128 * n + l + 32 * part] = d * static_cast<int8_t>(scales[i + 2 * part]) * (q[part] - 32);
        }
    }
}

constexpr float kIq4[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

void iq4_nl(const Byte* b, float* y) {
    const float d = half_at(b);
    for (int j = 0; j < 16; ++j) {
        y[j] = d * kIq4[lo(b[2 + j])];
        y[j + 16] = d * kIq4[hi(b[2 + j])];
    }
}

void iq4_xs(const Byte* b, float* y) {
    const float d = half_at(b);
    const auto high = load<uint16_t>(b + 2);
    const Byte* low = b + 4;
    const Byte* qs = b + 8;
    for (int ib = 0; ib < 8; ++ib) {
        const int scale = ((low[ib >> 1] >> (4 * (ib & 1))) & 15) | ((high >> (2 * ib)) & 3) << 4;
        const float a = d * (scale - 32);
        for (int j = 0; j < 16; ++j) {
            y[32 * ib + j] = a * kIq4[lo(qs[16 * ib + j])];
            y[32 * ib + 16 + j] = a * kIq4[hi(qs[16 * ib + j])];
        }
    }
}

/// E2M1 values times two; the scale is halved to make up for it.
constexpr float kMx[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

void mxfp4(const Byte* b, float* y) {
    const uint32_t e = b[0];
    const float d = std::bit_cast<float>(e < 2 ? 0x00200000u << e : (e - 1) << 23); // 2^(e - 128)
    for (int j = 0; j < 16; ++j) {
        y[j] = d * kMx[lo(b[1 + j])];
        y[j + 16] = d * kMx[hi(b[1 + j])];
    }
}

template <class T>
void plain(const Byte* source, float* values, size_t n) {
    for (size_t i = 0; i < n; ++i) values[i] = static_cast<float>(load<T>(source + i * sizeof(T)));
}

using BlockFunction = void (*)(const Byte*, float*);

BlockFunction block_function(TensorType type) {
    switch (type) {
    case TensorType::Q4_0: return q4_0;
    case TensorType::Q4_1: return q4_1;
    case TensorType::Q5_0: return q5_0;
    case TensorType::Q5_1: return q5_1;
    case TensorType::Q8_0: return q8_0;
    case TensorType::Q2_K: return q2_k;
    case TensorType::Q3_K: return q3_k;
    case TensorType::Q4_K: return q4_k;
    case TensorType::Q5_K: return q5_k;
    case TensorType::Q6_K: return q6_k;
    case TensorType::IQ4_NL: return iq4_nl;
    case TensorType::IQ4_XS: return iq4_xs;
    case TensorType::MXFP4: return mxfp4;
    default: return nullptr;
    }
}

} // namespace

void dequantize_row(TensorType type, const std::byte* source, float* values, size_t n) {
    const auto* bytes = reinterpret_cast<const Byte*>(source);
    switch (type) {
    case TensorType::F32: std::memcpy(values, bytes, n * sizeof(float)); return;
    case TensorType::F16:
        for (size_t i = 0; i < n; ++i) values[i] = half_at(bytes + 2 * i);
        return;
    case TensorType::BF16:
        for (size_t i = 0; i < n; ++i) values[i] = bf16_to_f32(load<uint16_t>(bytes + 2 * i));
        return;
    case TensorType::F64: return plain<double>(bytes, values, n);
    case TensorType::I8: return plain<int8_t>(bytes, values, n);
    case TensorType::I16: return plain<int16_t>(bytes, values, n);
    case TensorType::I32: return plain<int32_t>(bytes, values, n);
    case TensorType::I64: return plain<int64_t>(bytes, values, n);
    default: break;
    }
    const TensorTypeInfo& facts = info(type);
    const BlockFunction block = block_function(type);
    ENSURE(block != nullptr && n % facts.block_elements == 0, "a row is whole blocks of a known type");
    for (size_t i = 0; i < n / facts.block_elements; ++i)
        block(bytes + i * facts.block_bytes, values + i * facts.block_elements);
}

} // namespace lectern

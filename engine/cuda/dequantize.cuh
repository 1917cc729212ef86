// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Eight neighbouring weights of a stored row as float32: the same roundings as dequantize_row, so that both backends
/// multiply by the same numbers. Eight never cross a sub-block's border. Layouts: docs/formats.md, "Blocks".
#pragma once

#include <cuda_fp16.h>

#include <cstdint>

#include "engine/cuda/stored_type.h"

namespace lectern::cuda {

constexpr int kEight = 8;

/// Bytes of blocks are at least two-byte aligned but for MXFP4's, and rows of 16-byte blocks are 16-byte aligned.
__device__ __forceinline__ float half_at(const uint8_t* at) {
    return __half2float(__ushort_as_half(*reinterpret_cast<const uint16_t*>(at)));
}
__device__ __forceinline__ uint32_t two_bytes(const uint8_t* at) { return *reinterpret_cast<const uint16_t*>(at); }
__device__ __forceinline__ int byte_of(uint64_t eight, int i) { return int(eight >> (8 * i)) & 255; }

/// Eight bytes at a two-byte aligned place.
__device__ __forceinline__ uint64_t eight_bytes(const uint8_t* at) {
    return uint64_t(two_bytes(at)) | uint64_t(two_bytes(at + 2)) << 16 | uint64_t(two_bytes(at + 4)) << 32 |
           uint64_t(two_bytes(at + 6)) << 48;
}
__device__ __forceinline__ uint64_t eight_aligned_bytes(const uint8_t* at) {
    const uint2 words = *reinterpret_cast<const uint2*>(at);
    return uint64_t(words.x) | uint64_t(words.y) << 32;
}
/// The low or high halves of eight bytes.
__device__ __forceinline__ uint64_t nibbles(uint64_t eight, bool high) {
    return (high ? eight >> 4 : eight) & 0x0F0F0F0F0F0F0F0Full;
}

struct ScaleMin {
    int scale, min;
};
__device__ __forceinline__ ScaleMin scale_min(const uint8_t* b, int j) {
    if (j < 4) return {b[j] & 63, b[j + 4] & 63};
    return {(b[j + 4] & 15) | (b[j - 4] >> 6) << 4, (b[j + 4] >> 4) | (b[j] >> 6) << 4};
}

static __constant__ float kIq4Values[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
/// E2M1 values times two; the scale is halved to make up for it.
static __constant__ float kMxValues[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

template <TensorType type>
struct Unpack; // static void eight(const uint8_t* row, int64_t k, float* y): weights k .. k + 7, k a multiple of 8

template <class T>
struct UnpackPlain {
    static __device__ __forceinline__ float one(const uint8_t* row, int64_t k) {
        return static_cast<float>(reinterpret_cast<const T*>(row)[k]);
    }
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        for (int i = 0; i < kEight; ++i) y[i] = one(row, k + i);
    }
};
template <> struct Unpack<TensorType::I8> : UnpackPlain<int8_t> {};
template <> struct Unpack<TensorType::I16> : UnpackPlain<int16_t> {};
template <> struct Unpack<TensorType::I32> : UnpackPlain<int32_t> {};
template <> struct Unpack<TensorType::I64> : UnpackPlain<int64_t> {};
template <> struct Unpack<TensorType::F64> : UnpackPlain<double> {};

template <>
struct Unpack<TensorType::F32> : UnpackPlain<float> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const float* at = reinterpret_cast<const float*>(row) + k;
        if (reinterpret_cast<uintptr_t>(at) % 16 == 0) {
            const float4 a = reinterpret_cast<const float4*>(at)[0], b = reinterpret_cast<const float4*>(at)[1];
            y[0] = a.x, y[1] = a.y, y[2] = a.z, y[3] = a.w, y[4] = b.x, y[5] = b.y, y[6] = b.z, y[7] = b.w;
        } else {
            UnpackPlain<float>::eight(row, k, y);
        }
    }
};

/// Two-byte numbers, eight by one 16-byte load where they are aligned.
template <class Convert>
struct UnpackHalf {
    static __device__ __forceinline__ float one(const uint8_t* row, int64_t k) {
        return Convert::value(reinterpret_cast<const uint16_t*>(row)[k]);
    }
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* at = row + 2 * k;
        if (reinterpret_cast<uintptr_t>(at) % 16 == 0) {
            const uint4 v = *reinterpret_cast<const uint4*>(at);
            const uint32_t words[4] = {v.x, v.y, v.z, v.w};
            for (int i = 0; i < 4; ++i) {
                y[2 * i] = Convert::value(uint16_t(words[i]));
                y[2 * i + 1] = Convert::value(uint16_t(words[i] >> 16));
            }
        } else {
            for (int i = 0; i < kEight; ++i) y[i] = one(row, k + i);
        }
    }
};
struct FromF16 {
    static __device__ __forceinline__ float value(uint16_t bits) { return __half2float(__ushort_as_half(bits)); }
};
struct FromBf16 {
    static __device__ __forceinline__ float value(uint16_t bits) { return __uint_as_float(uint32_t(bits) << 16); }
};
template <> struct Unpack<TensorType::F16> : UnpackHalf<FromF16> {};
template <> struct Unpack<TensorType::BF16> : UnpackHalf<FromBf16> {};

template <>
struct Unpack<TensorType::Q8_0> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 34;
        const float d = half_at(b);
        const uint64_t q = eight_bytes(b + 2 + k % 32);
        for (int i = 0; i < kEight; ++i) y[i] = __fmul_rn(d, float(int8_t(byte_of(q, i))));
    }
};

/// Blocks of 32 with 16 bytes of halves: the first 16 weights are the low ones, the others the high ones.
__device__ __forceinline__ uint64_t nibbles_of_32(const uint8_t* qs, int at) {
    return nibbles(eight_bytes(qs + at % 16), at >= 16);
}

template <>
struct Unpack<TensorType::Q4_0> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 18;
        const float d = half_at(b);
        const uint64_t q = nibbles_of_32(b + 2, int(k % 32));
        for (int i = 0; i < kEight; ++i) y[i] = __fmul_rn(d, float(byte_of(q, i) - 8));
    }
};

template <>
struct Unpack<TensorType::Q4_1> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 20;
        const float d = half_at(b), m = half_at(b + 2);
        const uint64_t q = nibbles_of_32(b + 4, int(k % 32));
        for (int i = 0; i < kEight; ++i) y[i] = __fadd_rn(__fmul_rn(d, float(byte_of(q, i))), m);
    }
};

template <>
struct Unpack<TensorType::Q5_0> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 22;
        const float d = half_at(b);
        const uint32_t high = (two_bytes(b + 2) | two_bytes(b + 4) << 16) >> (k % 32);
        const uint64_t q = nibbles_of_32(b + 6, int(k % 32));
        for (int i = 0; i < kEight; ++i) y[i] = __fmul_rn(d, float((byte_of(q, i) | int((high >> i) & 1) << 4) - 16));
    }
};

template <>
struct Unpack<TensorType::Q5_1> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 24;
        const float d = half_at(b), m = half_at(b + 2);
        const uint32_t high = (two_bytes(b + 4) | two_bytes(b + 6) << 16) >> (k % 32);
        const uint64_t q = nibbles_of_32(b + 8, int(k % 32));
        for (int i = 0; i < kEight; ++i)
            y[i] = __fadd_rn(__fmul_rn(d, float(byte_of(q, i) | int((high >> i) & 1) << 4)), m);
    }
};

/// Where weight k lies in a block of 256 that is made of two halves of four runs of 32.
struct Place {
    int half, run, in_run;
    __device__ explicit Place(int64_t k) : half(int(k % 256) / 128), run(int(k % 128) / 32), in_run(int(k % 32)) {}
};

template <>
struct Unpack<TensorType::Q2_K> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 256 * 84;
        const Place p(k);
        const float d = half_at(b + 80), dmin = half_at(b + 82);
        const int scale = b[8 * p.half + 2 * p.run + p.in_run / 16];
        const float a = __fmul_rn(d, float(scale & 15)), m = __fmul_rn(dmin, float(scale >> 4));
        const uint64_t q = eight_bytes(b + 16 + 32 * p.half + p.in_run) >> (2 * p.run);
        for (int i = 0; i < kEight; ++i) y[i] = __fsub_rn(__fmul_rn(a, float(byte_of(q, i) & 3)), m);
    }
};

template <>
struct Unpack<TensorType::Q3_K> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 256 * 110;
        const uint8_t* scales = b + 96;
        const Place p(k);
        const int s = 8 * p.half + 2 * p.run + p.in_run / 16;
        const int low = s < 8 ? scales[s] & 15 : scales[s - 8] >> 4;
        const int high = (scales[8 + (s & 3)] >> (2 * (s >> 2))) & 3;
        const float a = __fmul_rn(half_at(b + 108), float((low | high << 4) - 32));
        const uint64_t q = eight_bytes(b + 32 + 32 * p.half + p.in_run) >> (2 * p.run);
        const uint64_t mask = eight_bytes(b + p.in_run) >> (4 * p.half + p.run);
        for (int i = 0; i < kEight; ++i)
            y[i] = __fmul_rn(a, float((byte_of(q, i) & 3) - ((byte_of(mask, i) & 1) ? 0 : 4)));
    }
};

template <>
struct Unpack<TensorType::Q4_K> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 256 * 144;
        const int run = int(k % 256) / 32, in_run = int(k % 32);
        const ScaleMin s = scale_min(b + 4, run);
        const float a = __fmul_rn(half_at(b), float(s.scale)), m = __fmul_rn(half_at(b + 2), float(s.min));
        const uint64_t q = nibbles(eight_aligned_bytes(b + 16 + 32 * (run / 2) + in_run), run % 2 != 0);
        for (int i = 0; i < kEight; ++i) y[i] = __fsub_rn(__fmul_rn(a, float(byte_of(q, i))), m);
    }
};

template <>
struct Unpack<TensorType::Q5_K> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 256 * 176;
        const int run = int(k % 256) / 32, in_run = int(k % 32);
        const ScaleMin s = scale_min(b + 4, run);
        const float a = __fmul_rn(half_at(b), float(s.scale)), m = __fmul_rn(half_at(b + 2), float(s.min));
        const uint64_t q = nibbles(eight_aligned_bytes(b + 48 + 32 * (run / 2) + in_run), run % 2 != 0);
        const uint64_t high = eight_aligned_bytes(b + 16 + in_run) >> run;
        for (int i = 0; i < kEight; ++i)
            y[i] = __fsub_rn(__fmul_rn(a, float(byte_of(q, i) + 16 * (byte_of(high, i) & 1))), m);
    }
};

template <>
struct Unpack<TensorType::Q6_K> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 256 * 210;
        const Place p(k);
        const int scale = int8_t(b[192 + 8 * p.half + p.in_run / 16 + 2 * p.run]);
        const float a = __fmul_rn(half_at(b + 208), float(scale));
        const uint64_t q = nibbles(eight_bytes(b + 64 * p.half + p.in_run + (p.run % 2) * 32), p.run >= 2);
        const uint64_t high = eight_bytes(b + 128 + 32 * p.half + p.in_run) >> (2 * p.run);
        for (int i = 0; i < kEight; ++i)
            y[i] = __fmul_rn(a, float((byte_of(q, i) | (byte_of(high, i) & 3) << 4) - 32));
    }
};

template <>
struct Unpack<TensorType::IQ4_NL> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 18;
        const float d = half_at(b);
        const uint64_t q = nibbles_of_32(b + 2, int(k % 32));
        for (int i = 0; i < kEight; ++i) y[i] = __fmul_rn(d, kIq4Values[byte_of(q, i)]);
    }
};

template <>
struct Unpack<TensorType::IQ4_XS> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 256 * 136;
        const int run = int(k % 256) / 32;
        const int scale = ((b[4 + run / 2] >> (4 * (run % 2))) & 15) | int((two_bytes(b + 2) >> (2 * run)) & 3) << 4;
        const float a = __fmul_rn(half_at(b), float(scale - 32));
        const uint64_t q = nibbles_of_32(b + 8 + 16 * run, int(k % 32));
        for (int i = 0; i < kEight; ++i) y[i] = __fmul_rn(a, kIq4Values[byte_of(q, i)]);
    }
};

template <>
struct Unpack<TensorType::MXFP4> {
    static __device__ __forceinline__ void eight(const uint8_t* row, int64_t k, float* y) {
        const uint8_t* b = row + k / 32 * 17;
        const uint32_t e = b[0];
        const float d = __uint_as_float(e < 2 ? 0x00200000u << e : (e - 1) << 23); // 2^(e - 128)
        const int at = int(k % 32);
        for (int i = 0; i < kEight; ++i) {
            const int byte = b[1 + at % 16 + i];
            y[i] = __fmul_rn(d, kMxValues[at >= 16 ? byte >> 4 : byte & 15]);
        }
    }
};

template <TensorType type>
__device__ __forceinline__ int64_t stored_row_bytes(int64_t cols) {
    return cols / kBlockElements<type> * kBlockBytes<type>;
}

/// Weights k .. k + 7, or those before `cols`; zeros after them.
template <TensorType type>
__device__ __forceinline__ void unpack(const uint8_t* row, int64_t k, int64_t cols, float* y) {
    if constexpr (kBlockElements<type> == 1) {
        if (k + kEight > cols) {
            for (int i = 0; i < kEight; ++i) y[i] = k + i < cols ? Unpack<type>::one(row, k + i) : 0.0f;
            return;
        }
    }
    Unpack<type>::eight(row, k, y);
}

/// Calls f.template operator()<type>() for the type that a weight is stored in. False for one outside the list.
template <class F>
bool with_type(TensorType type, F&& f) {
    switch (type) {
#define LECTERN_CASE(name, elements, bytes)                                                                            \
    case TensorType::name: f.template operator()<TensorType::name>(); return true;
        LECTERN_STORED_TYPES(LECTERN_CASE)
#undef LECTERN_CASE
    }
    return false;
}

} // namespace lectern::cuda

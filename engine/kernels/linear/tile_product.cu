// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Prefill's matrix product in float32: a block computes a tile of y from panels of x and w in shared memory, the next
// panel's loads in flight meanwhile. Every output is one chain of fused multiply-adds over k, so the tile is only a speed
// choice. The path of float32 weights, which tensor cores would round.

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kDepth = 16; // k of a panel: four float4 a row
constexpr int kPad = 4;    // keeps float4 alignment and spreads the transposed stores over the banks

/// A tile of kM x kN outputs, each thread 4 * kRunsM x 4 * kRunsN of them in runs of four.
template <int kM_, int kN_, int kRunsM_, int kRunsN_>
struct Tile {
    static constexpr int kM = kM_, kN = kN_, kRunsM = kRunsM_, kRunsN = kRunsN_;
    static constexpr int kThreadsM = kM / (4 * kRunsM), kThreadsN = kN / (4 * kRunsN);
    static constexpr int kThreads = kThreadsM * kThreadsN;
    static_assert(kThreads % kWarp == 0 && kM % (4 * kRunsM) == 0 && kN % (4 * kRunsN) == 0);
};

/// A panel of kRows rows in a thread's registers, on its way from memory to shared memory.
template <int kRows, int kThreads>
struct Panel {
    static constexpr int kFours = kRows * kDepth / 4;
    static constexpr int kMine = (kFours + kThreads - 1) / kThreads;
    float4 held[kMine];

    /// row(r) is the start of a row or null; what lies outside is zero.
    template <class Row>
    __device__ void load(const Row& row, int64_t k0, int64_t cols, bool aligned) {
        for (int i = 0; i < kMine; ++i) {
            const int at = int(threadIdx.x) + i * kThreads;
            held[i] = make_float4(0, 0, 0, 0);
            if (at >= kFours) continue;
            const float* from = row(at / (kDepth / 4));
            const int64_t k = k0 + at % (kDepth / 4) * 4;
            if (!from || k >= cols) continue;
            if (aligned) { // cols is then a multiple of four
                held[i] = *reinterpret_cast<const float4*>(from + k);
            } else {
                held[i].x = from[k];
                if (k + 1 < cols) held[i].y = from[k + 1];
                if (k + 2 < cols) held[i].z = from[k + 2];
                if (k + 3 < cols) held[i].w = from[k + 3];
            }
        }
    }
    __device__ void store(float (*shared)[kRows + kPad]) const {
        for (int i = 0; i < kMine; ++i) {
            const int at = int(threadIdx.x) + i * kThreads;
            if (at >= kFours) continue;
            const int row = at / (kDepth / 4), k = at % (kDepth / 4) * 4;
            shared[k][row] = held[i].x;
            shared[k + 1][row] = held[i].y;
            shared[k + 2][row] = held[i].z;
            shared[k + 3][row] = held[i].w;
        }
    }
};

/// Four numbers a run, runs kThreadsAcross * 4 apart: neighbouring threads read neighbouring banks.
template <int kRuns, int kThreadsAcross>
__device__ __forceinline__ void read_runs(const float* shared, int thread, float* values) {
    for (int run = 0; run < kRuns; ++run) {
        const float4 v = *reinterpret_cast<const float4*>(shared + run * kThreadsAcross * 4 + thread * 4);
        values[4 * run] = v.x, values[4 * run + 1] = v.y, values[4 * run + 2] = v.z, values[4 * run + 3] = v.w;
    }
}

template <class T>
__global__ void __launch_bounds__(T::kThreads) product_kernel(TileProduct<float> p, bool aligned) {
    __shared__ __align__(16) float xs[2][kDepth][T::kM + kPad];
    __shared__ __align__(16) float ws[2][kDepth][T::kN + kPad];
    int64_t begin = 0, end = p.tokens;
    if (p.offsets) {
        begin = p.offsets[p.first_expert + blockIdx.z];
        end = p.offsets[p.first_expert + blockIdx.z + 1];
    }
    const int64_t first_row = begin + int64_t(blockIdx.y) * T::kM, first_col = int64_t(blockIdx.x) * T::kN;
    if (first_row >= end) return;
    const float* w = p.w + int64_t(blockIdx.z) * p.rows * p.cols;
    const auto x_row = [&](int r) -> const float* {
        const int64_t row = first_row + r;
        if (row >= end) return nullptr;
        return p.x + (p.gather ? int64_t(p.gather[row]) : row) * p.cols;
    };
    const auto w_row = [&](int r) -> const float* {
        return first_col + r < p.rows ? w + (first_col + r) * p.cols : nullptr;
    };

    const int thread_n = int(threadIdx.x) % T::kThreadsN, thread_m = int(threadIdx.x) / T::kThreadsN;
    float sums[4 * T::kRunsM][4 * T::kRunsN] = {};
    Panel<T::kM, T::kThreads> x_panel;
    Panel<T::kN, T::kThreads> w_panel;
    x_panel.load(x_row, 0, p.cols, aligned);
    w_panel.load(w_row, 0, p.cols, aligned);
    x_panel.store(xs[0]);
    w_panel.store(ws[0]);
    __syncthreads();
    int now = 0;
    for (int64_t k0 = 0; k0 < p.cols; k0 += kDepth) {
        const bool more = k0 + kDepth < p.cols;
        if (more) {
            x_panel.load(x_row, k0 + kDepth, p.cols, aligned);
            w_panel.load(w_row, k0 + kDepth, p.cols, aligned);
        }
#pragma unroll
        for (int k = 0; k < kDepth; ++k) {
            float xv[4 * T::kRunsM], wv[4 * T::kRunsN];
            read_runs<T::kRunsM, T::kThreadsM>(xs[now][k], thread_m, xv);
            read_runs<T::kRunsN, T::kThreadsN>(ws[now][k], thread_n, wv);
            for (int i = 0; i < 4 * T::kRunsM; ++i)
                for (int j = 0; j < 4 * T::kRunsN; ++j) sums[i][j] = fmaf(xv[i], wv[j], sums[i][j]);
        }
        if (more) {
            now = 1 - now;
            x_panel.store(xs[now]);
            w_panel.store(ws[now]);
        }
        __syncthreads();
    }
    for (int i = 0; i < 4 * T::kRunsM; ++i) {
        const int64_t row = first_row + i / 4 * T::kThreadsM * 4 + thread_m * 4 + i % 4;
        if (row >= end) continue;
        for (int j = 0; j < 4 * T::kRunsN; ++j) {
            const int64_t col = first_col + j / 4 * T::kThreadsN * 4 + thread_n * 4 + j % 4;
            if (col < p.rows) p.y[row * p.y_stride + col] = p.bias ? sums[i][j] + p.bias[col] : sums[i][j];
        }
    }
}

using Wide = Tile<128, 128, 2, 2>;
using Middle = Tile<64, 64, 1, 1>;
using Flat = Tile<16, 64, 1, 1>; // a question's last rows, an expert's few

template <class T>
int64_t tiles(const TileProduct<float>& p) {
    return ceil_div(p.rows, T::kN) * ceil_div(p.tokens, T::kM) * p.experts;
}

template <class T>
void launch(const TileProduct<float>& p, Context& context) {
    const bool aligned = p.cols % 4 == 0 && reinterpret_cast<uintptr_t>(p.x) % 16 == 0 &&
                         reinterpret_cast<uintptr_t>(p.w) % 16 == 0;
    const dim3 grid(unsigned(ceil_div(p.rows, T::kN)), unsigned(ceil_div(p.tokens, T::kM)), unsigned(p.experts));
    product_kernel<T><<<grid, T::kThreads, 0, context.stream()>>>(p, aligned);
    context.launched("a matrix product");
}

} // namespace

bool kernels_fit_device() {
    cudaFuncAttributes attributes{};
    return cudaFuncGetAttributes(&attributes, product_kernel<Flat>) == cudaSuccess;
}

void tile_product(const TileProduct<float>& p, Context& context) {
    if (p.tokens == 0 || p.rows == 0 || p.experts == 0) return;
    if (p.tokens <= Flat::kM || 4 * tiles<Middle>(p) < context.multiprocessors()) launch<Flat>(p, context);
    else if (p.offsets || tiles<Wide>(p) < context.multiprocessors()) launch<Middle>(p, context);
    else launch<Wide>(p, context);
}

} // namespace lectern::cuda

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Prefill's matrix product on tensor cores: f16 in, float32 sums. f16 keeps three bits more than bfloat16, and a row's
// power of two keeps it in range: with bfloat16 the experts of close calls changed (largest KL of a random mixture 0.03
// against 1e-4 of a dense model). Panels of x and w travel by cp.async through
// kStages stages of shared memory; warps multiply 16 x 8 x 16 pieces (mma.sync). Every output is one chain of such steps
// over k, so the tile is only a speed choice. wgmma and the bulk copy engine are for later.

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kDepth = 64; // k of a panel: a row is eight pieces of 16 bytes
constexpr int kPiece = 8;  // numbers in 16 bytes
constexpr int kStages = 3;
constexpr int kRowPieces = kDepth / kPiece;

/// A tile of kM x kN outputs on kWarpsM x kWarpsN warps.
template <int kM_, int kN_, int kWarpsM_, int kWarpsN_>
struct Tile {
    static constexpr int kM = kM_, kN = kN_, kWarpsM = kWarpsM_, kWarpsN = kWarpsN_;
    static constexpr int kThreads = kWarpsM * kWarpsN * kWarp;
    static constexpr int kWarpM = kM / kWarpsM, kWarpN = kN / kWarpsN;
    static constexpr int kStageNumbers = (kM + kN) * kDepth;
    static constexpr size_t kBytes = size_t(kStages) * kStageNumbers * sizeof(uint16_t);
    static_assert(kWarpM % 16 == 0 && kWarpN % 16 == 0);
};

/// Where piece c of row r lies: exclusive-or keeps the eight rows that are read together in different banks.
__device__ __forceinline__ int place(int row, int piece) { return row * kDepth + (piece ^ (row & 7)) * kPiece; }

__device__ __forceinline__ void copy_piece(uint16_t* to, const uint16_t* from, bool there) {
    const auto shared = uint32_t(__cvta_generic_to_shared(to));
    const int bytes = there ? 16 : 0; // the rest is zero
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(shared), "l"(from), "r"(bytes));
}
__device__ __forceinline__ void end_of_stage() { asm volatile("cp.async.commit_group;\n"); }
template <int kLeft>
__device__ __forceinline__ void wait_for_stages() { asm volatile("cp.async.wait_group %0;\n" ::"n"(kLeft)); }

__device__ __forceinline__ void load_four_tiles(uint32_t (&r)[4], const uint16_t* from) {
    const auto shared = uint32_t(__cvta_generic_to_shared(from));
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared));
}
__device__ __forceinline__ void multiply(float (&c)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
                 "{%0, %1, %2, %3};\n"
                 : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/// One panel of kRows rows: row(r) is a row's start, or null for a row of zeros.
template <int kRows, int kThreads, class Row>
__device__ __forceinline__ void copy_panel(uint16_t* to, const Row& row, const uint16_t* anywhere, int64_t k0, int64_t cols) {
    static_assert(kRows * kRowPieces % kThreads == 0);
#pragma unroll
    for (int i = 0; i < kRows * kRowPieces / kThreads; ++i) {
        const int at = int(threadIdx.x) + i * kThreads, r = at / kRowPieces, piece = at % kRowPieces;
        const int64_t k = k0 + piece * kPiece;
        const uint16_t* from = row(r);
        const bool there = from && k < cols;
        copy_piece(to + place(r, piece), there ? from + k : anywhere, there);
    }
}

template <class T>
__device__ __forceinline__ void multiply_panel(const uint16_t* xs, const uint16_t* ws, int warp_m, int warp_n,
                                               float (&sums)[T::kWarpM / 16][T::kWarpN / 8][4]) {
    const int lane = int(threadIdx.x) % kWarp, tile = lane / 8, in_tile = lane % 8;
#pragma unroll
    for (int step = 0; step < kDepth / 16; ++step) {
        uint32_t x[T::kWarpM / 16][4], w[T::kWarpN / 16][4];
#pragma unroll
        for (int i = 0; i < T::kWarpM / 16; ++i) // tiles in the order (m, k), (m + 8, k), (m, k + 8), (m + 8, k + 8)
            load_four_tiles(x[i], xs + place(warp_m * T::kWarpM + 16 * i + tile % 2 * 8 + in_tile, 2 * step + tile / 2));
#pragma unroll
        for (int j = 0; j < T::kWarpN / 16; ++j) // (n, k), (n, k + 8), (n + 8, k), (n + 8, k + 8)
            load_four_tiles(w[j], ws + place(warp_n * T::kWarpN + 16 * j + tile / 2 * 8 + in_tile, 2 * step + tile % 2));
#pragma unroll
        for (int i = 0; i < T::kWarpM / 16; ++i)
#pragma unroll
            for (int j = 0; j < T::kWarpN / 8; ++j) multiply(sums[i][j], x[i], w[j / 2][j % 2 * 2], w[j / 2][j % 2 * 2 + 1]);
    }
}

template <class T>
__global__ void __launch_bounds__(T::kThreads) tensor_kernel(TileProduct<uint16_t> p) {
    extern __shared__ __align__(128) uint16_t stages[];
    int64_t begin = 0, end = p.tokens;
    if (p.offsets) {
        begin = p.offsets[p.first_expert + blockIdx.z];
        end = p.offsets[p.first_expert + blockIdx.z + 1];
    }
    const int64_t first_row = begin + int64_t(blockIdx.x) * T::kM, first_col = int64_t(blockIdx.y) * T::kN;
    if (first_row >= end) return;
    const uint16_t* w = p.w + int64_t(blockIdx.z) * p.rows * p.cols;
    const auto x_row = [&](int r) -> const uint16_t* {
        const int64_t row = first_row + r;
        return row < end ? p.x + (p.gather ? int64_t(p.gather[row]) : row) * p.cols : nullptr;
    };
    const auto w_row = [&](int r) -> const uint16_t* {
        return first_col + r < p.rows ? w + (first_col + r) * p.cols : nullptr;
    };
    const auto start_stage = [&](int64_t panel) {
        uint16_t* xs = stages + panel % kStages * T::kStageNumbers;
        copy_panel<T::kM, T::kThreads>(xs, x_row, p.x, panel * kDepth, p.cols);
        copy_panel<T::kN, T::kThreads>(xs + T::kM * kDepth, w_row, p.x, panel * kDepth, p.cols);
    };

    const int64_t panels = (p.cols + kDepth - 1) / kDepth;
    for (int64_t panel = 0; panel < kStages - 1; ++panel) {
        if (panel < panels) start_stage(panel);
        end_of_stage();
    }
    const int warp = int(threadIdx.x) / kWarp, warp_m = warp / T::kWarpsN, warp_n = warp % T::kWarpsN;
    float sums[T::kWarpM / 16][T::kWarpN / 8][4] = {};
    for (int64_t panel = 0; panel < panels; ++panel) {
        wait_for_stages<kStages - 2>();
        __syncthreads(); // the panel is there for all, and all have left the one that is overwritten next
        if (panel + kStages - 1 < panels) start_stage(panel + kStages - 1);
        end_of_stage();
        const uint16_t* xs = stages + panel % kStages * T::kStageNumbers;
        multiply_panel<T>(xs, xs + T::kM * kDepth, warp_m, warp_n, sums);
    }

    const int lane = int(threadIdx.x) % kWarp;
    // Unrolled: an index known only at run time would move the sums from registers to memory, four times slower.
#pragma unroll
    for (int i = 0; i < T::kWarpM / 16; ++i)
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int64_t row = first_row + warp_m * T::kWarpM + 16 * i + 8 * half + lane / 4;
            if (row >= end) continue;
            const float scale = p.scales[p.gather ? int64_t(p.gather[row]) : row];
#pragma unroll
            for (int j = 0; j < T::kWarpN / 8; ++j)
#pragma unroll
                for (int k = 0; k < 2; ++k) {
                    const int64_t col = first_col + warp_n * T::kWarpN + 8 * j + lane % 4 * 2 + k;
                    const float sum = sums[i][j][2 * half + k] * scale; // exact
                    if (col < p.rows) p.y[row * p.y_stride + col] = p.bias ? sum + p.bias[col] : sum;
                }
        }
}

using Widest = Tile<128, 256, 2, 4>; // 32 steps for eight loads of a warp, at 144 KB and one block a multiprocessor
using Wide = Tile<128, 128, 2, 4>;
using Middle = Tile<64, 64, 2, 2>;
using Flat = Tile<16, 64, 1, 4>;

template <class T>
int64_t tiles(const TileProduct<uint16_t>& p) {
    return ceil_div(p.rows, T::kN) * ceil_div(p.tokens, T::kM) * p.experts;
}

template <class T>
void launch(const TileProduct<uint16_t>& p, Context& context) {
    if (!context.check(cudaFuncSetAttribute(tensor_kernel<T>, cudaFuncAttributeMaxDynamicSharedMemorySize, int(T::kBytes)),
                       "a matrix product"))
        return;
    const dim3 grid(unsigned(ceil_div(p.tokens, T::kM)), unsigned(ceil_div(p.rows, T::kN)), unsigned(p.experts));
    tensor_kernel<T><<<grid, T::kThreads, T::kBytes, context.stream()>>>(p);
    context.launched("a matrix product");
}

} // namespace

void tensor_product(const TileProduct<uint16_t>& p, Context& context) {
    if (p.tokens == 0 || p.rows == 0 || p.experts == 0) return;
    if (p.tokens <= Flat::kM) launch<Flat>(p, context);
    else if (p.offsets || 2 * tiles<Wide>(p) < context.multiprocessors()) launch<Middle>(p, context);
    else if (tiles<Widest>(p) < context.multiprocessors()) launch<Wide>(p, context);
    else launch<Widest>(p, context);
}

} // namespace lectern::cuda

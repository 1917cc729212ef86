// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Prefill sorts the (token, expert) pairs by expert on the device, multiplies all experts in one grouped product and
// adds a token's experts in order of id. Decode reads the chosen experts' weights as they are stored. Nothing waits for
// the host.

#include "engine/kernels/moe/moe.h"

#include <cmath>

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kThreads = 256;

/// A larger logit comes first, then the lower id. Something that is not a number comes last.
struct Ranked {
    float logit;
    int64_t id;
    __device__ bool before(const Ranked& other) const {
        return logit > other.logit || (logit == other.logit && id < other.id);
    }
};
__device__ __forceinline__ float ordered(float logit) { return isnan(logit) ? -INFINITY : logit; }

/// A warp a token.
__global__ void __launch_bounds__(kWarp) route_kernel(MoeRouteArgs a) {
    const int64_t t = blockIdx.x;
    const int lane = threadIdx.x;
    const float* logits = a.logits + t * a.experts;
    int32_t* ids = a.ids + t * a.used;
    float* weights = a.weights + t * a.used;
    Ranked last{INFINITY, -1};
    float largest = 0;
    double total = 0;
    for (int64_t s = 0; s < a.used; ++s) { // the next one after `last`
        Ranked best{-INFINITY, a.experts};
        for (int64_t e = lane; e < a.experts; e += kWarp) {
            const Ranked candidate{ordered(logits[e]), e};
            if (last.before(candidate) && candidate.before(best)) best = candidate;
        }
        for (int distance = kWarp / 2; distance > 0; distance /= 2) {
            const Ranked other{__shfl_xor_sync(kAll, best.logit, distance), __shfl_xor_sync(kAll, best.id, distance)};
            if (other.before(best)) best = other;
        }
        if (s == 0) largest = best.logit;
        total += exp(double(best.logit) - largest);
        if (lane == 0) ids[s] = int32_t(best.id);
        last = best;
    }
    if (!a.renormalise) {
        total = 0;
        for (int64_t e = lane; e < a.experts; e += kWarp) total += exp(double(logits[e]) - largest);
        for (int distance = kWarp / 2; distance > 0; distance /= 2) total += __shfl_xor_sync(kAll, total, distance);
    }
    if (lane != 0) return;
    for (int64_t i = 1; i < a.used; ++i) { // into order of id
        const int32_t id = ids[i];
        int64_t at = i;
        for (; at > 0 && ids[at - 1] > id; --at) ids[at] = ids[at - 1];
        ids[at] = id;
    }
    for (int64_t s = 0; s < a.used; ++s) weights[s] = float(exp(double(logits[ids[s]]) - largest) / total);
}

/// offsets[e + 1] <- how many pairs chose expert e.
__global__ void __launch_bounds__(kWarp) count_kernel(const int32_t* ids, int64_t pairs, int32_t* offsets) {
    int32_t count = 0;
    for (int64_t i = threadIdx.x; i < pairs; i += kWarp) count += ids[i] == int32_t(blockIdx.x);
    for (int distance = kWarp / 2; distance > 0; distance /= 2) count += __shfl_xor_sync(kAll, count, distance);
    if (threadIdx.x == 0) offsets[blockIdx.x + 1] = count;
}

/// Counts to their running sum, by one warp.
__global__ void __launch_bounds__(kWarp) offsets_kernel(int32_t* offsets, int64_t experts) {
    const int lane = threadIdx.x;
    int32_t before = 0;
    for (int64_t start = 0; start < experts; start += kWarp) {
        int32_t sum = start + lane < experts ? offsets[start + lane + 1] : 0;
        for (int distance = 1; distance < kWarp; distance *= 2) {
            const int32_t other = __shfl_up_sync(kAll, sum, distance);
            if (lane >= distance) sum += other;
        }
        sum += before;
        if (start + lane < experts) offsets[start + lane + 1] = sum;
        before = __shfl_sync(kAll, sum, kWarp - 1);
    }
    if (lane == 0) offsets[0] = 0;
}

/// The pairs of an expert in order of token: gather[place] is the token, places[pair] the place.
__global__ void __launch_bounds__(kWarp)
    place_kernel(const int32_t* __restrict__ ids, int64_t pairs, int64_t used, const int32_t* __restrict__ offsets,
                 int32_t* __restrict__ gather, int32_t* __restrict__ places) {
    int32_t next = offsets[blockIdx.x];
#pragma unroll 8
    for (int64_t start = 0; start < pairs; start += kWarp) {
        const int64_t i = start + threadIdx.x;
        const bool chosen = i < pairs && ids[i] == int32_t(blockIdx.x);
        const unsigned who = __ballot_sync(kAll, chosen);
        if (chosen) {
            const int32_t place = next + __popc(who & ((1u << threadIdx.x) - 1));
            gather[place] = int32_t(i / used);
            places[i] = place;
        }
        next += __popc(who);
    }
}

/// y[t] = sum over s of weights[t, s] out[places[t, s]] in order of s; places null: out is in that order already.
__global__ void __launch_bounds__(kThreads)
    combine_kernel(const float* out, const int32_t* places, const float* weights, float* y, int64_t used, int64_t d_model) {
    const int64_t t = blockIdx.x, i = int64_t(blockIdx.y) * kThreads + threadIdx.x;
    if (i >= d_model) return;
    float sum = 0;
    for (int64_t s = 0; s < used; ++s) {
        const int64_t pair = t * used + s;
        sum = fmaf(weights[pair], out[(places ? int64_t(places[pair]) : pair) * d_model + i], sum);
    }
    y[t * d_model + i] = sum;
}

/// Room for every pair: gate and up [pairs, width], out [pairs, d_model].
struct PairRows {
    float *gate, *up, *out;
};

bool take_rows(const MoeExpertsArgs& a, PairRows& rows, Context& context) {
    const int64_t pairs = a.tokens * a.used, width = a.gate.rows, d_model = a.gate.cols;
    const int64_t wide = ceil_div(pairs * width, 4) * 4; // each starts 16-byte aligned
    rows.gate = static_cast<float*>(context.working(Slot::Pairs, sizeof(float) * size_t(2 * wide + pairs * d_model)));
    if (!rows.gate) return false;
    rows.up = rows.gate + wide;
    rows.out = rows.up + wide;
    return true;
}

void experts_prefill(const MoeExpertsArgs& a, const PairRows& rows, const int32_t*& places, Context& context) {
    const int64_t pairs = a.tokens * a.used, experts = a.gate.experts, width = a.gate.rows, d_model = a.gate.cols;
    auto* offsets = static_cast<int32_t*>(context.working(Slot::Experts, sizeof(int32_t) * size_t(experts + 1 + 2 * pairs)));
    if (!offsets) return;
    int32_t* gather = offsets + experts + 1;
    int32_t* place = gather + pairs;
    cudaStream_t stream = context.stream();
    count_kernel<<<unsigned(experts), kWarp, 0, stream>>>(a.ids, pairs, offsets);
    offsets_kernel<<<1, kWarp, 0, stream>>>(offsets, experts);
    place_kernel<<<unsigned(experts), kWarp, 0, stream>>>(a.ids, pairs, a.used, offsets, gather, place);
    if (!context.launched("sorting by expert")) return;
    // Each token chooses an expert at most once.
    TileProduct<float> into{.x = a.x, .w = nullptr, .y = rows.gate, .tokens = a.tokens, .x_rows = a.tokens,
                            .y_stride = width, .offsets = offsets, .gather = gather};
    panel_product(a.gate, into, context);
    into.y = rows.up;
    panel_product(a.up, into, context);
    swiglu({rows.gate, rows.up, rows.gate, pairs, width}, context);
    panel_product(a.down, {.x = rows.gate, .w = nullptr, .y = rows.out, .tokens = a.tokens, .x_rows = pairs,
                           .y_stride = d_model, .offsets = offsets}, context);
    places = place;
}

void experts_decode(const MoeExpertsArgs& a, const PairRows& rows, Context& context) {
    const int64_t pairs = a.tokens * a.used, width = a.gate.rows, d_model = a.gate.cols;
    stored_product({.x = a.x, .weight = a.gate, .ids = a.ids, .y = rows.gate, .slots = pairs, .slots_a_row = a.used, .y_stride = width}, context);
    stored_product({.x = a.x, .weight = a.up, .ids = a.ids, .y = rows.up, .slots = pairs, .slots_a_row = a.used, .y_stride = width}, context);
    swiglu({rows.gate, rows.up, rows.gate, pairs, width}, context);
    stored_product({.x = rows.gate, .weight = a.down, .ids = a.ids, .y = rows.out, .slots = pairs, .y_stride = d_model}, context);
}

} // namespace

void moe_route(const MoeRouteArgs& a, Context& context) {
    if (a.tokens == 0) return;
    route_kernel<<<unsigned(a.tokens), kWarp, 0, context.stream()>>>(a);
    context.launched("moe_route");
}

void moe_experts(const MoeExpertsArgs& a, Context& context) {
    if (a.tokens == 0) return;
    PairRows rows{};
    if (!take_rows(a, rows, context)) return;
    const int32_t* places = nullptr;
    if (a.phase == Phase::Decode) experts_decode(a, rows, context);
    else experts_prefill(a, rows, places, context);
    if (context.failed()) return;
    const dim3 grid(unsigned(a.tokens), unsigned(ceil_div(a.gate.cols, kThreads)));
    combine_kernel<<<grid, kThreads, 0, context.stream()>>>(rows.out, places, a.weights, a.y, a.used, a.gate.cols);
    context.launched("moe_experts");
}

} // namespace lectern::cuda

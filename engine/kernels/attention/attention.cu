// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Prefill: a block owns kQueries rows of one head and walks the keys in blocks of kKeys on the absolute grid, with online
// softmax; a block of keys that a row does not see leaves that row's numbers as they are, so a row's bits do not depend on
// its neighbours. Decode: the keys are cut into spans of kSpan on the absolute grid, a block a span and head, and the
// spans are joined in order. Arithmetic is float32; tensor cores are for later.

#include "engine/kernels/attention/attention.h"

#include <cmath>

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kQueries = 32;
constexpr int kKeys = 32;
constexpr int kLanes = 8; // of a row; each owns every eighth key and every eighth run of four of head_dim
constexpr int kThreads = kQueries * kLanes;
constexpr int kPad = 4;
constexpr int kSpan = 256;
constexpr int kSpanThreads = 128;
constexpr int64_t kMostHeadDim = 256;

__device__ __forceinline__ float as_float(float value) { return value; }
__device__ __forceinline__ float as_float(uint16_t bits) { return __uint_as_float(uint32_t(bits) << 16); }

/// Numbers d .. d + 3 of a head; zeros from head_dim on.
template <class Number>
__device__ __forceinline__ float4 load_four(const Number* head, int64_t d, int64_t head_dim) {
    float4 v = make_float4(0, 0, 0, 0);
    if (d >= head_dim) return v;
    const Number* at = head + d;
    if (d + 4 <= head_dim && reinterpret_cast<uintptr_t>(at) % (4 * sizeof(Number)) == 0) {
        if constexpr (sizeof(Number) == 4) return *reinterpret_cast<const float4*>(at);
        const ushort4 bits = *reinterpret_cast<const ushort4*>(at);
        return make_float4(as_float(uint16_t(bits.x)), as_float(uint16_t(bits.y)), as_float(uint16_t(bits.z)),
                           as_float(uint16_t(bits.w)));
    }
    v.x = as_float(at[0]);
    if (d + 1 < head_dim) v.y = as_float(at[1]);
    if (d + 2 < head_dim) v.z = as_float(at[2]);
    if (d + 3 < head_dim) v.w = as_float(at[3]);
    return v;
}

__device__ __forceinline__ float dot_four(float4 a, float4 b, float sum) {
    return fmaf(a.w, b.w, fmaf(a.z, b.z, fmaf(a.y, b.y, fmaf(a.x, b.x, sum))));
}

/// The keys that a position sees: [begin, end).
struct Visible {
    int64_t begin, end;
    __device__ Visible(const AttentionArgs& a, int64_t position)
        : begin(a.window > 0 && position >= a.window ? position - a.window + 1 : 0),
          end(a.causal ? position + 1 : a.first_position + a.tokens) {}
    __device__ bool sees(int64_t key) const { return key >= begin && key < end; }
};

/// head_dim up to 32 * kRuns, padded with zeros.
template <int kRuns>
struct QueryTile {
    static constexpr int kStride = 32 * kRuns + kPad;
    float q[kQueries][kStride], k[kKeys][kStride], v[kKeys][kStride];
    float p[kQueries][kKeys + kPad];
};

template <int kRuns, class Number>
__device__ void load_tile(float (*tile)[QueryTile<kRuns>::kStride], const Number* rows, int64_t first, int64_t end,
                          int64_t stride, int64_t head_dim) {
    constexpr int kFours = 8 * kRuns;
    static_assert(kKeys == kQueries);
    for (int at = threadIdx.x; at < kKeys * kFours; at += kThreads) {
        const int r = at / kFours, d = at % kFours * 4;
        const float4 four = first + r < end ? load_four(rows + (first + r) * stride, d, head_dim) : make_float4(0, 0, 0, 0);
        *reinterpret_cast<float4*>(&tile[r][d]) = four;
    }
}

template <int kRuns, class Number>
__global__ void __launch_bounds__(kThreads) attention_kernel(AttentionArgs a) {
    extern __shared__ __align__(16) unsigned char memory[];
    auto& tile = *reinterpret_cast<QueryTile<kRuns>*>(memory);
    const int row = int(threadIdx.x) / kLanes, lane = int(threadIdx.x) % kLanes;
    const int64_t head = blockIdx.y, kv_head = head / (a.heads / a.kv_heads), kv_stride = a.kv_heads * a.head_dim;
    const int64_t first = int64_t(blockIdx.x) * kQueries, last = min(first + kQueries, a.tokens) - 1;
    const auto* keys = static_cast<const Number*>(a.k) + kv_head * a.head_dim;
    const auto* values = static_cast<const Number*>(a.v) + kv_head * a.head_dim;
    const int64_t positions = a.first_position + a.tokens;
    const Visible mine(a, a.first_position + first + row);
    const int64_t begin = Visible(a, a.first_position + first).begin / kKeys * kKeys;
    const int64_t end = Visible(a, a.first_position + last).end;

    load_tile<kRuns>(tile.q, a.q + head * a.head_dim, first, a.tokens, a.q_stride, a.head_dim);
    float largest = -INFINITY, total = 0;
    float4 sums[kRuns] = {};
    for (int64_t key = begin; key < end; key += kKeys) {
        __syncthreads();
        load_tile<kRuns>(tile.k, keys, key, positions, kv_stride, a.head_dim);
        load_tile<kRuns>(tile.v, values, key, positions, kv_stride, a.head_dim);
        __syncthreads();
        constexpr int kMine = kKeys / kLanes;
        float scores[kMine] = {};
#pragma unroll
        for (int d = 0; d < 32 * kRuns; d += 4) {
            const float4 q = *reinterpret_cast<const float4*>(&tile.q[row][d]);
            for (int i = 0; i < kMine; ++i)
                scores[i] = dot_four(q, *reinterpret_cast<const float4*>(&tile.k[lane + kLanes * i][d]), scores[i]);
        }
        float block_largest = -INFINITY;
        for (int i = 0; i < kMine; ++i) {
            scores[i] = mine.sees(key + lane + kLanes * i) ? scores[i] * a.scale : -INFINITY;
            block_largest = fmaxf(block_largest, scores[i]);
        }
        const float now = fmaxf(largest, lane_max<kLanes>(block_largest));
        const float keep = now == -INFINITY ? 1.0f : expf(largest - now);
        float block_total = 0;
        for (int i = 0; i < kMine; ++i) {
            const float p = scores[i] == -INFINITY ? 0.0f : expf(scores[i] - now);
            tile.p[row][lane + kLanes * i] = p;
            block_total += p;
        }
        total = fmaf(total, keep, lane_sum<kLanes>(block_total));
        largest = now;
        __syncwarp(); // a row's lanes are of one warp
        for (int r = 0; r < kRuns; ++r)
            sums[r] = make_float4(sums[r].x * keep, sums[r].y * keep, sums[r].z * keep, sums[r].w * keep);
        for (int j = 0; j < kKeys; ++j) {
            const float p = tile.p[row][j];
            for (int r = 0; r < kRuns; ++r) {
                const float4 v = *reinterpret_cast<const float4*>(&tile.v[j][32 * r + 4 * lane]);
                sums[r].x = fmaf(p, v.x, sums[r].x), sums[r].y = fmaf(p, v.y, sums[r].y);
                sums[r].z = fmaf(p, v.z, sums[r].z), sums[r].w = fmaf(p, v.w, sums[r].w);
            }
        }
    }
    if (first + row >= a.tokens) return;
    float* y = a.y + ((first + row) * a.heads + head) * a.head_dim;
    for (int r = 0; r < kRuns; ++r) {
        const float four[4] = {sums[r].x, sums[r].y, sums[r].z, sums[r].w};
        for (int i = 0; i < 4; ++i)
            if (const int64_t d = 32 * r + 4 * lane + i; d < a.head_dim) y[d] = four[i] / total;
    }
}

/// What a span of keys adds for one row and head: [largest, total, sums of head_dim].
__device__ __forceinline__ float* partial_of(const AttentionArgs& a, float* partials, int64_t spans, int64_t row,
                                             int64_t head, int64_t span) {
    return partials + ((row * a.heads + head) * spans + span) * (a.head_dim + 2);
}

template <int kRuns, class Number>
__global__ void __launch_bounds__(kSpanThreads) span_kernel(AttentionArgs a, int64_t first_span, int64_t spans,
                                                            float* partials) {
    constexpr int kGroups = kSpanThreads / kLanes, kWarps = kSpanThreads / kWarp, kHeadDim = 32 * kRuns;
    __shared__ __align__(16) float q[kHeadDim];
    __shared__ float weights[kSpan], parts[kWarps][kHeadDim], room[kWarps], more_room[kWarps];
    const int64_t head = blockIdx.y, kv_head = head / (a.heads / a.kv_heads), kv_stride = a.kv_heads * a.head_dim;
    const int64_t row = blockIdx.z, start = (first_span + blockIdx.x) * kSpan;
    const auto* keys = static_cast<const Number*>(a.k) + kv_head * a.head_dim;
    const auto* values = static_cast<const Number*>(a.v) + kv_head * a.head_dim;
    const Visible mine(a, a.first_position + row);
    for (int d = threadIdx.x; d < kHeadDim; d += kSpanThreads)
        q[d] = d < a.head_dim ? a.q[row * a.q_stride + head * a.head_dim + d] : 0.0f;
    __syncthreads();

    const int group = int(threadIdx.x) / kLanes, lane = int(threadIdx.x) % kLanes;
#pragma unroll 4
    for (int j = group; j < kSpan; j += kGroups) {
        const bool sees = mine.sees(start + j);
        float dot = 0;
        for (int r = 0; sees && r < kRuns; ++r)
            dot = dot_four(*reinterpret_cast<const float4*>(&q[32 * r + 4 * lane]),
                           load_four(keys + (start + j) * kv_stride, 32 * r + 4 * lane, a.head_dim), dot);
        dot = lane_sum<kLanes>(dot);
        if (lane == 0) weights[j] = sees ? dot * a.scale : -INFINITY;
    }
    __syncthreads();
    float largest = -INFINITY;
    for (int j = threadIdx.x; j < kSpan; j += kSpanThreads) largest = fmaxf(largest, weights[j]);
    largest = block_max<kSpanThreads>(largest, room);
    float total = 0;
    for (int j = threadIdx.x; j < kSpan; j += kSpanThreads) {
        weights[j] = weights[j] == -INFINITY ? 0.0f : expf(weights[j] - largest);
        total += weights[j];
    }
    total = block_sum<kSpanThreads>(total, more_room); // its barrier shows all weights to all

    const int warp = int(threadIdx.x) / kWarp, in_warp = int(threadIdx.x) % kWarp;
    float sums[kRuns] = {};
    const int64_t from = max(start + warp * (kSpan / kWarps), mine.begin), to = min(start + (warp + 1) * (kSpan / kWarps), mine.end);
#pragma unroll 8
    for (int64_t key = from; key < to; ++key) {
        const float weight = weights[key - start];
        for (int r = 0; r < kRuns; ++r)
            if (const int64_t d = in_warp + kWarp * r; d < a.head_dim)
                sums[r] = fmaf(weight, as_float(values[key * kv_stride + d]), sums[r]);
    }
    for (int r = 0; r < kRuns; ++r) parts[warp][in_warp + kWarp * r] = sums[r];
    __syncthreads();
    float* partial = partial_of(a, partials, spans, row, head, blockIdx.x);
    for (int d = threadIdx.x; d < a.head_dim; d += kSpanThreads) {
        float sum = 0;
        for (int w = 0; w < kWarps; ++w) sum += parts[w][d];
        partial[2 + d] = sum;
    }
    if (threadIdx.x == 0) partial[0] = largest, partial[1] = total;
}

__global__ void __launch_bounds__(kSpanThreads) join_kernel(AttentionArgs a, int64_t spans, float* partials) {
    const int64_t head = blockIdx.x, row = blockIdx.y;
    for (int64_t d = threadIdx.x; d < a.head_dim; d += kSpanThreads) {
        float largest = -INFINITY, total = 0, sum = 0;
        for (int64_t span = 0; span < spans; ++span) {
            const float* partial = partial_of(a, partials, spans, row, head, span);
            if (partial[0] == -INFINITY) continue;
            const float now = fmaxf(largest, partial[0]);
            const float keep = expf(largest - now), take = expf(partial[0] - now);
            total = fmaf(total, keep, take * partial[1]);
            sum = fmaf(sum, keep, take * partial[2 + d]);
            largest = now;
        }
        a.y[(row * a.heads + head) * a.head_dim + d] = sum / total;
    }
}

template <int kRuns, class Number>
void prefill(const AttentionArgs& a, Context& context) {
    constexpr size_t kBytes = sizeof(QueryTile<kRuns>);
    if (!context.check(cudaFuncSetAttribute(attention_kernel<kRuns, Number>, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                            int(kBytes)),
                       "attention"))
        return;
    const dim3 grid(unsigned(ceil_div(a.tokens, kQueries)), unsigned(a.heads));
    attention_kernel<kRuns, Number><<<grid, kThreads, kBytes, context.stream()>>>(a);
    context.launched("attention");
}

template <int kRuns, class Number>
void decode(const AttentionArgs& a, Context& context) {
    // The first row sees the earliest key of all rows.
    const int64_t begin = a.window > 0 && a.first_position >= a.window ? a.first_position - a.window + 1 : 0;
    const int64_t first_span = begin / kSpan, spans = ceil_div(a.first_position + a.tokens, kSpan) - first_span;
    auto* partials = static_cast<float*>(
        context.working(Slot::Attention, sizeof(float) * size_t(a.tokens * a.heads * spans * (a.head_dim + 2))));
    if (!partials) return;
    const dim3 grid(unsigned(spans), unsigned(a.heads), unsigned(a.tokens));
    span_kernel<kRuns, Number><<<grid, kSpanThreads, 0, context.stream()>>>(a, first_span, spans, partials);
    context.launched("attention");
    join_kernel<<<dim3(unsigned(a.heads), unsigned(a.tokens)), kSpanThreads, 0, context.stream()>>>(a, spans, partials);
    context.launched("attention");
}

template <int kRuns>
void attend(const AttentionArgs& a, Context& context) {
    const bool f32 = a.kv_type == KvType::F32;
    if (a.phase == Phase::Decode) f32 ? decode<kRuns, float>(a, context) : decode<kRuns, uint16_t>(a, context);
    else f32 ? prefill<kRuns, float>(a, context) : prefill<kRuns, uint16_t>(a, context);
}

template <class Number>
__global__ void store_kernel(StoreKvArgs a) {
    const int64_t at = int64_t(blockIdx.x) * blockDim.x + threadIdx.x, t = at / a.width, i = at % a.width;
    if (t >= a.tokens) return;
    const float x = a.x[t * a.x_stride + i];
    Number& to = static_cast<Number*>(a.cache)[(a.first_position + t) * a.width + i];
    if constexpr (sizeof(Number) == 4) to = x;
    else to = to_bf16(x);
}

/// A thread a pair of angles of a row; it turns that pair in every head.
__global__ void rope_kernel(RopeArgs a) {
    const int64_t pairs = a.rotary_dim / 2, at = int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
    const int64_t t = at / pairs, i = at % pairs;
    if (t >= a.tokens) return;
    // The angle is a float32 product, as in the published implementations; its cosine needs more at 300,000 radians.
    const float angle = float(a.first_position + t) * a.inv_freq[i];
    double sine, cosine;
    sincos(double(angle), &sine, &cosine);
    const float c = float(cosine * a.magnitude), s = float(sine * a.magnitude);
    const bool halves = a.pairs == RopePairs::Halves;
    for (int64_t h = 0; h < a.heads; ++h) {
        float* x = a.x + t * a.x_stride + h * a.head_dim;
        float& first = x[halves ? i : 2 * i];
        float& second = x[halves ? i + pairs : 2 * i + 1];
        const float u = first, v = second;
        first = fmaf(u, c, -(v * s));
        second = fmaf(v, c, u * s);
    }
}

constexpr int kRowThreads = 256;

} // namespace

void attention(const AttentionArgs& a, Context& context) {
    if (a.tokens == 0) return;
    const int64_t runs = ceil_div(a.head_dim, 32);
    if (a.head_dim > kMostHeadDim)
        return context.fail(LECTERN_UNSUPPORTED, "The GPU has no attention kernel for heads of %lld numbers; 256 is the most.",
                            static_cast<long long>(a.head_dim));
    if (runs == 1) attend<1>(a, context);
    else if (runs == 2) attend<2>(a, context);
    else if (runs == 3) attend<3>(a, context);
    else if (runs == 4) attend<4>(a, context);
    else if (runs == 5) attend<5>(a, context);
    else attend<8>(a, context);
}

void store_kv(const StoreKvArgs& a, Context& context) {
    const int64_t blocks = ceil_div(a.tokens * a.width, kRowThreads);
    if (blocks == 0) return;
    if (a.kv_type == KvType::F32) store_kernel<float><<<unsigned(blocks), kRowThreads, 0, context.stream()>>>(a);
    else store_kernel<uint16_t><<<unsigned(blocks), kRowThreads, 0, context.stream()>>>(a);
    context.launched("store_kv");
}

void rope(const RopeArgs& a, Context& context) {
    const int64_t blocks = ceil_div(a.tokens * (a.rotary_dim / 2), kRowThreads);
    if (blocks == 0) return;
    rope_kernel<<<unsigned(blocks), kRowThreads, 0, context.stream()>>>(a);
    context.launched("rope");
}

} // namespace lectern::cuda

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// The recurrence token by token: eight lanes own a row of the state in registers, a block kBlockRows rows of one head.
// B, C, x and dt of a stretch of tokens lie in shared memory. One token after the other in fixed order, so that a cut
// changes no bit; the chunked form on tensor cores is for later.

#include "engine/kernels/ssd_scan/ssd_scan.h"

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kLanes = 8;       // of a row: three shuffles a token
constexpr int kThreads = 128;
constexpr int kBlockRows = kThreads / kLanes;
constexpr int kShared = 4096;   // numbers of B, and of C, in shared memory: 32 tokens at d_state 128
constexpr int kMostState = 256; // in registers: 32 a lane

/// steps[t, head] <- dt after softplus and clamp, and exp(dt a). In double: the state multiplies thousands of these
/// decays. Apart from the scan, whose every block would compute them again.
__global__ void __launch_bounds__(kThreads) time_steps_kernel(SsdScanArgs a, float2* steps) {
    const int64_t at = int64_t(blockIdx.x) * kThreads + threadIdx.x, token = at / a.heads, head = at % a.heads;
    if (token >= a.tokens) return;
    const double raw = double(a.dt_raw[token * a.dt_stride + head]) + a.dt_bias[head];
    const double soft = raw > 20 ? raw : log1p(exp(raw));
    const double clamped = fmin(fmax(soft, double(a.dt_min)), double(a.dt_max));
    steps[at] = make_float2(float(clamped), float(exp(clamped * a.a[head])));
}

/// kFours float4 of state a lane: d_state up to 32 * kFours, padded with zeros.
template <int kFours>
__global__ void __launch_bounds__(kThreads) scan_kernel(SsdScanArgs a, const float2* steps) {
    constexpr int kState = 32 * kFours, kStretch = kShared / kState < 64 ? kShared / kState : 64;
    __shared__ __align__(16) float bs[kStretch][kState], cs[kStretch][kState];
    __shared__ float xs[kStretch][kBlockRows];
    __shared__ float2 step_of[kStretch];
    const int64_t head = blockIdx.y, group = head / (a.heads / a.groups);
    const int row_in_block = int(threadIdx.x) / kLanes, lane = int(threadIdx.x) % kLanes;
    const int64_t first_row = int64_t(blockIdx.x) * kBlockRows, row = first_row + row_in_block;
    const bool mine = row < a.head_dim;
    const int64_t state_row = (head * a.head_dim + row) * a.d_state;
    const float d = a.d[head];

    // State number 32 q + 4 lane + i is s[4 q + i].
    float s[4 * kFours];
    for (int q = 0; q < kFours; ++q)
        for (int i = 0; i < 4; ++i) {
            const int64_t n = 32 * q + 4 * lane + i;
            s[4 * q + i] = mine && n < a.d_state ? a.state_in[state_row + n] : 0.0f;
        }
    for (int64_t start = 0; start < a.tokens; start += kStretch) {
        const int count = int(a.tokens - start < kStretch ? a.tokens - start : kStretch);
        __syncthreads();
        for (int at = threadIdx.x; at < count * kState; at += kThreads) {
            const int t = at / kState, n = at % kState;
            const int64_t from = (start + t) * a.xbc_stride + group * a.d_state + n;
            bs[t][n] = n < a.d_state ? a.b[from] : 0.0f;
            cs[t][n] = n < a.d_state ? a.c[from] : 0.0f;
        }
        for (int at = threadIdx.x; at < count * kBlockRows; at += kThreads) {
            const int t = at / kBlockRows, r = at % kBlockRows;
            xs[t][r] = first_row + r < a.head_dim ? a.x[(start + t) * a.xbc_stride + head * a.head_dim + first_row + r] : 0.0f;
        }
        if (int(threadIdx.x) < count) step_of[threadIdx.x] = steps[(start + threadIdx.x) * a.heads + head];
        __syncthreads();
#pragma unroll 4
        for (int t = 0; t < count; ++t) { // the sums of several tokens are on their way at once
            const float x = xs[t][row_in_block], step = step_of[t].x * x, decay = step_of[t].y;
            float sum = 0;
#pragma unroll
            for (int q = 0; q < kFours; ++q) {
                const float4 b = *reinterpret_cast<const float4*>(&bs[t][32 * q + 4 * lane]);
                const float4 c = *reinterpret_cast<const float4*>(&cs[t][32 * q + 4 * lane]);
                float* v = s + 4 * q;
                v[0] = fmaf(decay, v[0], step * b.x), sum = fmaf(v[0], c.x, sum);
                v[1] = fmaf(decay, v[1], step * b.y), sum = fmaf(v[1], c.y, sum);
                v[2] = fmaf(decay, v[2], step * b.z), sum = fmaf(v[2], c.z, sum);
                v[3] = fmaf(decay, v[3], step * b.w), sum = fmaf(v[3], c.w, sum);
            }
            sum = lane_sum<kLanes>(sum);
            if (lane == 0 && mine) a.y[((start + t) * a.heads + head) * a.head_dim + row] = fmaf(d, x, sum);
        }
    }
    if (!mine) return;
    for (int q = 0; q < kFours; ++q)
        for (int i = 0; i < 4; ++i) {
            const int64_t n = 32 * q + 4 * lane + i;
            if (n < a.d_state) a.state_out[state_row + n] = s[4 * q + i];
        }
}

/// States longer than the registers hold stay in state_out: a block a row, its threads every kThreads-th number. Slower by
/// the state's traffic a token; no published model needs it.
__global__ void __launch_bounds__(kThreads) long_scan_kernel(SsdScanArgs a, const float2* steps) {
    __shared__ float room[2][kThreads / kWarp];
    const int64_t head = blockIdx.y, group = head / (a.heads / a.groups), row = blockIdx.x;
    const int64_t state_row = (head * a.head_dim + row) * a.d_state;
    float* s = a.state_out + state_row;
    for (int64_t n = threadIdx.x; n < a.d_state; n += kThreads) s[n] = a.state_in[state_row + n];
    for (int64_t t = 0; t < a.tokens; ++t) {
        const float dt = steps[t * a.heads + head].x, decay = steps[t * a.heads + head].y;
        const float x = a.x[t * a.xbc_stride + head * a.head_dim + row];
        const float* b = a.b + t * a.xbc_stride + group * a.d_state;
        const float* c = a.c + t * a.xbc_stride + group * a.d_state;
        float sum = 0;
        for (int64_t n = threadIdx.x; n < a.d_state; n += kThreads) {
            s[n] = fmaf(decay, s[n], dt * x * b[n]);
            sum = fmaf(s[n], c[n], sum);
        }
        sum = block_sum<kThreads>(sum, room[t % 2]);
        if (threadIdx.x == 0) a.y[(t * a.heads + head) * a.head_dim + row] = fmaf(a.d[head], x, sum);
    }
}

} // namespace

void ssd_scan(const SsdScanArgs& a, Context& context) {
    if (a.tokens == 0) return context.fail(LECTERN_DEVICE, "The GPU was asked to scan no tokens.");
    const dim3 grid(unsigned(ceil_div(a.head_dim, kBlockRows)), unsigned(a.heads));
    const int64_t fours = ceil_div(a.d_state, 32);
    cudaStream_t stream = context.stream();
    auto* steps = static_cast<float2*>(context.working(Slot::Steps, sizeof(float2) * size_t(a.tokens * a.heads)));
    if (!steps) return;
    time_steps_kernel<<<unsigned(ceil_div(a.tokens * a.heads, kThreads)), kThreads, 0, stream>>>(a, steps);
    if (a.d_state > kMostState)
        long_scan_kernel<<<dim3(unsigned(a.head_dim), unsigned(a.heads)), kThreads, 0, stream>>>(a, steps);
    else if (fours == 1) scan_kernel<1><<<grid, kThreads, 0, stream>>>(a, steps);
    else if (fours == 2) scan_kernel<2><<<grid, kThreads, 0, stream>>>(a, steps);
    else if (fours <= 4) scan_kernel<4><<<grid, kThreads, 0, stream>>>(a, steps);
    else scan_kernel<8><<<grid, kThreads, 0, stream>>>(a, steps);
    context.launched("ssd_scan");
}

} // namespace lectern::cuda

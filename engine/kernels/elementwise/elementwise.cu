// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/elementwise/elementwise.h"

#include "engine/cuda/operations.h"
#include "engine/cuda/reduce.cuh"

namespace lectern::cuda {
namespace {

constexpr int kThreads = 256;

/// f(i) for i in [0, count), a thread an element.
template <class F>
__global__ void __launch_bounds__(kThreads) each_kernel(int64_t count, F f) {
    const int64_t i = int64_t(blockIdx.x) * kThreads + threadIdx.x;
    if (i < count) f(i);
}

struct SwiGlu {
    const float* gate;
    const float* up;
    float* y;
    __device__ void operator()(int64_t i) const { y[i] = silu(gate[i]) * up[i]; }
};
struct Gelu {
    float* x;
    __device__ void operator()(int64_t i) const {
        constexpr float kInverseRoot2 = 0.70710678118654752f;
        x[i] = 0.5f * x[i] * (1.0f + erff(x[i] * kInverseRoot2));
    }
};
struct AddScaled {
    float* x;
    const float* y;
    float scale;
    __device__ void operator()(int64_t i) const { x[i] = fmaf(scale, y[i], x[i]); }
};

template <class F>
void each(int64_t count, const F& f, const char* what, Context& context) {
    if (count == 0) return;
    each_kernel<<<unsigned(ceil_div(count, kThreads)), kThreads, 0, context.stream()>>>(count, f);
    context.launched(what);
}

} // namespace

void swiglu(const SwiGluArgs& a, Context& context) {
    each(a.tokens * a.width, SwiGlu{a.gate, a.up, a.y}, "swiglu", context);
}
void gelu(const GeluArgs& a, Context& context) { each(a.count, Gelu{a.x}, "gelu", context); }
void add_scaled(const AddScaledArgs& a, Context& context) {
    each(a.count, AddScaled{a.x, a.y, a.scale}, "an addition", context);
}

} // namespace lectern::cuda

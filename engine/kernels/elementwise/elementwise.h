// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Small operations on whole activations.
#pragma once

#include <cstdint>

namespace lectern {

class ThreadPool;

///     y[t, i] = silu(gate[t, i]) * up[t, i]       [tokens, width] f32, y may alias gate or up
struct SwiGluArgs {
    const float* gate;
    const float* up;
    float* y;
    int64_t tokens;
    int64_t width;
};
void swiglu_ref(const SwiGluArgs& args);
void swiglu_cpu(const SwiGluArgs& args, ThreadPool& pool);

///     x[i] = x / 2 (1 + erf(x / sqrt 2))          [count] f32, in place
struct GeluArgs {
    float* x;
    int64_t count;
};
void gelu_ref(const GeluArgs& args);
void gelu_cpu(const GeluArgs& args, ThreadPool& pool);

///     x[i] += scale * y[i]                        [count] f32
struct AddScaledArgs {
    float* x;
    const float* y;
    int64_t count;
    float scale;
};
void add_scaled_ref(const AddScaledArgs& args);
void add_scaled_cpu(const AddScaledArgs& args, ThreadPool& pool);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/linear/linear_onednn.h"

#include "engine/backend/cpu_features.h"
#include "engine/backend/thread_pool.h"
#include "engine/base/ensure.h"

#ifdef LECTERN_HAVE_ONEDNN
#include <omp.h>

#include <algorithm>
#include <map>
#include <vector>

#include <dnnl.hpp>
#endif

namespace lectern {

bool prefill_rounds_to_bf16(TensorType type) { return type == TensorType::BF16 && onednn_wins(); }

#ifdef LECTERN_HAVE_ONEDNN
namespace {

constexpr int64_t kCallRows = 64; // the row count of every call
constexpr int64_t kSlice = 256;   // outputs a thread takes at a time

const dnnl::engine& cpu_engine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

/// y[kCallRows, outputs] = x[kCallRows, inputs] times weights stored [outputs, inputs].
struct Product {
    dnnl::memory::desc x, weights, y;
    dnnl::matmul run;

    Product(int64_t outputs, int64_t inputs)
        : x({kCallRows, inputs}, dnnl::memory::data_type::bf16, dnnl::memory::format_tag::ab),
          weights({inputs, outputs}, dnnl::memory::data_type::bf16, dnnl::memory::format_tag::ba),
          y({kCallRows, outputs}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab),
          run(dnnl::matmul::primitive_desc(dnnl::matmul::desc(x, weights, y), cpu_engine())) {}
};

/// What one thread needs; made once a thread.
struct Caller {
    dnnl::stream stream{cpu_engine()};
    std::map<std::pair<int64_t, int64_t>, Product> products;
    std::vector<float> out = std::vector<float>(size_t(kCallRows * kSlice));

    Caller() { omp_set_num_threads(1); } // the pool's threads are all the threads there are
    const Product& product(int64_t outputs, int64_t inputs) {
        return products.try_emplace({outputs, inputs}, outputs, inputs).first->second;
    }
};

/// Outputs [first, first + count) of all tokens.
void slice_product(const LinearArgs& a, const std::vector<uint16_t>& rounded, int64_t first, int64_t count) {
    static thread_local Caller caller;
    const Product& product = caller.product(count, a.weight.cols);
    auto* stored = static_cast<char*>(const_cast<void*>(a.weight.data)) + size_t(first) * a.weight.row_stride();
    const dnnl::memory weights(product.weights, cpu_engine(), stored);
    const dnnl::memory y(product.y, cpu_engine(), caller.out.data());
    for (int64_t t = 0; t < a.tokens; t += kCallRows) {
        const dnnl::memory x(product.x, cpu_engine(), const_cast<uint16_t*>(rounded.data() + t * a.weight.cols));
        product.run.execute(caller.stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, y}});
        caller.stream.wait();
        for (int64_t r = 0; r < std::min(kCallRows, a.tokens - t); ++r)
            for (int64_t n = 0; n < count; ++n)
                a.y[(t + r) * a.y_stride + first + n] =
                    caller.out[size_t(r * count + n)] + (a.bias ? a.bias[first + n] : 0.0f);
    }
}

} // namespace

bool onednn_wins() {
    static const bool wins = [] {
        if (cpu_level() < CpuLevel::Amx) return false;
        try {
            return Product(kSlice, 64).run.get() != nullptr;
        } catch (const dnnl::error&) {
            return false; // the kernel does not let us have the tiles
        }
    }();
    return wins;
}

void linear_onednn(const LinearArgs& a, ThreadPool& pool) {
    static thread_local std::vector<uint16_t> rounded; // the caller's: one product at a time
    const int64_t cols = a.weight.cols, rows = (a.tokens + kCallRows - 1) / kCallRows * kCallRows;
    rounded.assign(size_t(rows * cols), 0);
    auto& shared = rounded;
    pool.parallel_for(a.tokens, 16, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin * cols; i < end * cols; ++i) shared[size_t(i)] = f32_to_bf16(a.x[i]);
    });
    const int64_t slices = (a.weight.rows + kSlice - 1) / kSlice;
    pool.parallel_for(slices, 1, [&](int64_t begin, int64_t end) {
        for (int64_t s = begin; s < end; ++s)
            slice_product(a, shared, s * kSlice, std::min(kSlice, a.weight.rows - s * kSlice));
    });
}
#else
bool onednn_wins() { return false; }
void linear_onednn(const LinearArgs&, ThreadPool&) { ENSURE(false, "built without oneDNN"); }
#endif

} // namespace lectern

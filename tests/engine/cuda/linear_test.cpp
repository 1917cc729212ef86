// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/kernels/linear/linear.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tests/engine/cuda/gpu.h"
#include "tests/engine/cuda/stored_weights.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

constexpr TensorType kWeightTypes[] = {TensorType::F32,  TensorType::BF16, TensorType::F16,    TensorType::Q4_0,
                                       TensorType::Q4_1, TensorType::Q5_0, TensorType::Q5_1,   TensorType::Q8_0,
                                       TensorType::Q2_K, TensorType::Q3_K, TensorType::Q4_K,   TensorType::Q5_K,
                                       TensorType::Q6_K, TensorType::IQ4_NL, TensorType::IQ4_XS, TensorType::MXFP4};

struct Case {
    std::vector<float> x, bias;
    std::vector<std::byte> stored;
    Weight weight;
    int64_t tokens;

    Case(TensorType type, int64_t tokens, int64_t rows, int64_t cols) : tokens(tokens) {
        x = random_floats(size_t(tokens * cols), 1);
        bias = random_floats(size_t(rows), 2);
        stored = stored_weights(type, size_t(rows * cols), 3);
        weight = {stored.data(), type, rows, cols};
    }
    std::vector<float> reference() const {
        std::vector<float> y(size_t(tokens * weight.rows));
        linear_ref({x.data(), weight, bias.data(), y.data(), tokens, weight.rows, Phase::Prefill});
        return y;
    }
    /// Rows `first` .. of x on the GPU.
    std::vector<float> on(Gpu& gpu, Phase phase, int64_t first, int64_t count) const {
        Weight there = weight;
        there.data = gpu.put(stored);
        float* y = gpu.room(size_t(count * weight.rows));
        gpu->linear({gpu.put(x) + first * weight.cols, there, gpu.put(bias), y, count, weight.rows, phase});
        return gpu.take(y, size_t(count * weight.rows));
    }
    /// Prefill with these goes through tensor cores, x and w rounded to f16.
    bool rounds(Phase phase) const {
        return phase == Phase::Prefill && weight.type != TensorType::F32 && weight.cols % 8 == 0;
    }
    /// What any kernel of this precision may err by: twice the error of plain loops in it, and a last place of the largest.
    double tolerance(const std::vector<float>& reference, Phase phase) const {
        std::vector<float> row(size_t(weight.cols)), y(reference.size()), inputs = x;
        const auto round = [](float& v) { v = f16_to_f32(f32_to_f16(v)); };
        if (rounds(phase)) std::for_each(inputs.begin(), inputs.end(), round);
        double largest = 0;
        for (int64_t n = 0; n < weight.rows; ++n) {
            dequantize_row(weight.type, stored.data() + size_t(n) * weight.row_stride(), row.data(), row.size());
            if (rounds(phase)) std::for_each(row.begin(), row.end(), round);
            for (int64_t t = 0; t < tokens; ++t) {
                float sum = bias[size_t(n)];
                for (int64_t k = 0; k < weight.cols; ++k) sum += inputs[size_t(t * weight.cols + k)] * row[size_t(k)];
                y[size_t(t * weight.rows + n)] = sum;
                largest = std::max(largest, std::abs(double(sum)));
            }
        }
        return 2 * distance(y, reference) + largest * 0x1p-24;
    }
};

} // namespace

TEST_CASE("cuda embed_rows: unpacks every stored type to the same bits as the plain loops") {
    Gpu gpu;
    if (!gpu) return;
    for (const TensorType type : kAllTypes) {
        CAPTURE(info(type).name);
        constexpr int64_t kRows = 5, kCols = 768;
        const auto stored = stored_weights(type, kRows * kCols, 4);
        const std::vector<int32_t> ids = {4, 0, 4, 2, 1, 3};
        std::vector<float> reference(ids.size() * kCols);
        embed_rows_ref({ids.data(), {stored.data(), type, kRows, kCols}, reference.data(), int64_t(ids.size()), 12.0f});
        float* y = gpu.room(reference.size());
        gpu->embed_rows({ids.data(), {gpu.put(stored), type, kRows, kCols}, y, int64_t(ids.size()), 12.0f});
        CHECK(gpu.take(y, reference.size()) == reference);
    }
}

TEST_CASE("cuda linear: as near to the reference as plain loops of its precision, in every stored type, phase and tile") {
    Gpu gpu;
    if (!gpu) return;
    for (const TensorType type : kWeightTypes)
        for (const auto& [tokens, rows, cols] : {std::tuple(1, 33, 256), std::tuple(7, 100, 512), std::tuple(25, 65, 1280),
                                                 std::tuple(200, 131, 768)})
            for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
                CAPTURE(info(type).name);
                CAPTURE(tokens);
                CAPTURE(int(phase));
                const Case c(type, tokens, rows, cols);
                const auto reference = c.reference();
                CHECK(distance(c.on(gpu, phase, 0, tokens), reference) <= c.tolerance(reference, phase));
            }
}

TEST_CASE("cuda linear: widths that are no multiple of a vector work where the type allows them") {
    Gpu gpu;
    if (!gpu) return;
    for (const TensorType type : {TensorType::F32, TensorType::BF16, TensorType::F16})
        for (const int64_t cols : {1, 5, 19, 77, 258})
            for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
                CAPTURE(cols);
                const Case c(type, 19, 9, cols);
                const auto reference = c.reference();
                CHECK(distance(c.on(gpu, phase, 0, 19), reference) <= c.tolerance(reference, phase));
            }
}

TEST_CASE("cuda linear: a prefill row has the same bits alone, among few and among many, whatever the tile") {
    Gpu gpu;
    if (!gpu) return;
    for (const TensorType type : {TensorType::F32, TensorType::BF16, TensorType::Q4_K}) {
        const Case c(type, 700, 8200, 512); // wide enough for the largest tile
        const auto whole = c.on(gpu, Phase::Prefill, 0, 700);
        for (const auto& [first, count] : {std::pair(0, 1), std::pair(13, 16), std::pair(300, 60), std::pair(699, 1)}) {
            const auto part = c.on(gpu, Phase::Prefill, first, count);
            CHECK(std::equal(part.begin(), part.end(), whole.begin() + first * c.weight.rows));
        }
    }
}

TEST_CASE("cuda linear: a weight of several panels gives the same bits as its rows apart") {
    Gpu gpu;
    if (!gpu) return;
    constexpr int64_t kRows = 80000, kCols = 1024, kApart = 70000; // 156 MiB as f16: two panels
    const Case c(TensorType::Q8_0, 3, kRows, kCols);
    const auto whole = c.on(gpu, Phase::Prefill, 0, 3);
    Weight tail{gpu.put(c.stored) + kApart * int64_t(c.weight.row_stride()), TensorType::Q8_0, kRows - kApart, kCols};
    float* y = gpu.room(size_t(3 * tail.rows));
    gpu->linear({gpu.put(c.x), tail, gpu.put(c.bias) + kApart, y, 3, tail.rows, Phase::Prefill});
    const auto apart = gpu.take(y, size_t(3 * tail.rows));
    for (int64_t t = 0; t < 3; ++t)
        CHECK(std::equal(apart.begin() + t * tail.rows, apart.begin() + (t + 1) * tail.rows,
                         whole.begin() + t * kRows + kApart));
}

TEST_CASE("cuda linear: rows of y may lie apart, and what is between them stays") {
    Gpu gpu;
    if (!gpu) return;
    const Case c(TensorType::F32, 20, 10, 64);
    const auto reference = c.reference();
    for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
        float* y = gpu.put(std::vector<float>(20 * 13, 7.0f));
        Weight there = c.weight;
        there.data = gpu.put(c.stored);
        gpu->linear({gpu.put(c.x), there, gpu.put(c.bias), y, 20, 13, phase});
        const auto result = gpu.take(y, 20 * 13);
        for (size_t t = 0; t < 20; ++t) {
            for (size_t n = 0; n < 10; ++n) CHECK(result[t * 13 + n] == doctest::Approx(reference[t * 10 + n]));
            for (size_t n = 10; n < 13; ++n) CHECK(result[t * 13 + n] == 7.0f);
        }
    }
}

TEST_CASE("cuda linear: activations far outside the range of f16 lose no more than others") {
    Gpu gpu;
    if (!gpu) return;
    for (const float size : {1e-30f, 1e-9f, 3e7f, 1e30f}) {
        Case c(TensorType::BF16, 20, 24, 256);
        std::fill(c.bias.begin(), c.bias.end(), 0.0f);
        for (int64_t k = 0; k < 256; ++k) c.x[size_t(7 * 256 + k)] *= size; // one row
        const auto reference = c.reference(), y = c.on(gpu, Phase::Prefill, 0, 20);
        for (int64_t n = 0; n < 24; ++n)
            CHECK(std::abs(y[size_t(7 * 24 + n)] - reference[size_t(7 * 24 + n)]) <= 1e-2f * size);
        CHECK(y[0] == doctest::Approx(reference[0]).epsilon(1e-2));
    }
}

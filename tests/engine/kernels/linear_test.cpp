// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <tuple>

#include "engine/backend/thread_pool.h"
#include "engine/kernels/linear/linear.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Case {
    std::vector<float> x, bias;
    std::vector<std::byte> stored;
    Weight weight;
    int64_t tokens;

    Case(TensorType type, int64_t tokens, int64_t rows, int64_t cols) : tokens(tokens) {
        x = random_floats(size_t(tokens * cols), 1);
        bias = random_floats(size_t(rows), 2);
        const auto values = random_floats(size_t(rows * cols), 3);
        stored.resize(size_t(rows) * row_bytes(type, uint64_t(cols)));
        REQUIRE(quantize_row(type, values.data(), stored.data(), values.size()));
        weight = {stored.data(), type, rows, cols};
    }
    LinearArgs args(std::vector<float>& y, Phase phase) {
        y.assign(size_t(tokens * weight.rows), -1);
        return {x.data(), weight, bias.data(), y.data(), tokens, weight.rows, phase};
    }
    /// The error that plain float32 loops make against the reference's double: what any float32 kernel may double.
    double plain_error(std::span<const float> reference) const {
        std::vector<float> row(size_t(weight.cols)), y(size_t(tokens * weight.rows));
        for (int64_t n = 0; n < weight.rows; ++n) {
            dequantize_row(weight.type, stored.data() + size_t(n) * weight.row_stride(), row.data(), row.size());
            for (int64_t t = 0; t < tokens; ++t) {
                float sum = bias[size_t(n)];
                for (int64_t k = 0; k < weight.cols; ++k) sum += x[size_t(t * weight.cols + k)] * row[size_t(k)];
                y[size_t(t * weight.rows + n)] = sum;
            }
        }
        return distance(y, reference);
    }
};

} // namespace

TEST_CASE("linear: the cpu kernel is as near to the reference as plain float32, in every stored type and odd shape") {
    ThreadPool pool(2);
    for (const TensorType type : {TensorType::F32, TensorType::BF16, TensorType::F16, TensorType::Q8_0})
        for (const auto& [tokens, rows, cols] :
             {std::tuple(1, 33, 64), std::tuple(7, 100, 96), std::tuple(25, 31, 1056), std::tuple(64, 257, 544)})
            for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
                Case c(type, tokens, rows, cols);
                if (phase == Phase::Prefill && prefill_rounds_to_bf16(type))
                    for (float& x : c.x) x = bf16_to_f32(f32_to_bf16(x)); // then the sums are all that may differ
                std::vector<float> reference, y;
                linear_ref(c.args(reference, phase));
                linear_cpu(c.args(y, phase), pool);
                CAPTURE(info(type).name);
                CAPTURE(rows);
                CHECK(distance(y, reference) <= 2 * c.plain_error(reference));
            }
}

TEST_CASE("linear: widths that are no multiple of a vector work where the type allows them") {
    ThreadPool pool(1);
    for (const int64_t cols : {1, 5, 19, 77}) {
        Case c(TensorType::F32, 3, 9, cols);
        std::vector<float> reference, y;
        for (const Phase phase : {Phase::Prefill, Phase::Decode}) {
            linear_ref(c.args(reference, phase));
            linear_cpu(c.args(y, phase), pool);
            CHECK(distance(y, reference) <= 1e-5);
        }
    }
}

TEST_CASE("linear: a prefill row has the same bits alone and among others, on any number of threads") {
    ThreadPool one(1), three(3);
    for (const TensorType type : {TensorType::Q8_0, TensorType::BF16, TensorType::F32}) {
        Case c(type, 141, 300, 1088);
        std::vector<float> whole, threaded;
        linear_cpu(c.args(whole, Phase::Prefill), one);
        linear_cpu(c.args(threaded, Phase::Prefill), three);
        CHECK(whole == threaded);
        for (const int64_t row : {0, 11, 12, 63, 64, 140}) {
            std::vector<float> alone(size_t(c.weight.rows));
            linear_cpu({c.x.data() + row * c.weight.cols, c.weight, c.bias.data(), alone.data(), 1, c.weight.rows, Phase::Prefill},
                       one);
            CHECK(std::equal(alone.begin(), alone.end(), whole.begin() + row * c.weight.rows));
        }
    }
}

TEST_CASE("embed_rows: takes the rows that were asked for, scaled") {
    const auto table = random_floats(5 * 8, 4);
    const int32_t ids[] = {4, 0, 4};
    std::vector<float> y(3 * 8);
    embed_rows_ref({ids, {table.data(), TensorType::F32, 5, 8}, y.data(), 3, 2.0f});
    for (size_t i = 0; i < 8; ++i) {
        CHECK(y[i] == 2 * table[4 * 8 + i]);
        CHECK(y[8 + i] == 2 * table[i]);
        CHECK(y[16 + i] == y[i]);
    }
}

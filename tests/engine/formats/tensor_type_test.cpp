// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "engine/formats/model_file.h"

using namespace lectern;

namespace {

/// The block of the test vectors in docs/formats.md: b[i] = 37 i + 11, with half-precision fields overwritten.
std::vector<std::byte> block_of(TensorType type) {
    std::vector<std::byte> block(info(type).block_bytes);
    for (size_t i = 0; i < block.size(); ++i) block[i] = static_cast<std::byte>(37 * i + 11);
    const auto half = [&](size_t at, uint16_t bits) { std::memcpy(block.data() + at, &bits, 2); };
    constexpr uint16_t kD = 0x2E66, kM = 0x2A66; // 0.09998 and 0.04999
    switch (type) {
    case TensorType::Q4_1:
    case TensorType::Q5_1:
    case TensorType::Q4_K:
    case TensorType::Q5_K: half(0, kD), half(2, kM); break;
    case TensorType::Q2_K: half(80, kD), half(82, kM); break;
    case TensorType::Q3_K: half(108, kD); break;
    case TensorType::Q6_K: half(208, kD); break;
    case TensorType::MXFP4: block[0] = std::byte{125}; break;
    default: half(0, kD); break;
    }
    return block;
}

struct Sample {
    size_t at;
    double value;
};

struct Vector {
    TensorType type;
    std::vector<Sample> samples;
    double sum, weighted_sum;
};

const std::vector<Vector> kVectors = {
    {TensorType::Q8_0, {{0, 8.49792}, {1, 12.197}, {15, -12.7969}, {16, -9.09778}, {31, -4.79883}}, -17.5957, -807.8027},
    {TensorType::Q4_0, {{0, -0.299927}, {1, 0.199951}, {15, -0.799805}, {16, -0.299927}, {31, 0}}, -2.09949, -51.78735},
    {TensorType::Q4_1, {{0, 1.54962}, {1, 0.44989}, {15, 1.04974}, {16, 0.949768}, {31, 1.24969}}, 26.0936, 424.5963},
    {TensorType::Q5_0, {{0, 0.89978}, {1, -0.199951}, {15, -1.19971}, {16, 1.39966}, {31, 0.0999756}}, 1.49963, 11.19727},
    {TensorType::Q5_1, {{0, 1.94952}, {1, 2.4494}, {15, 3.04926}, {16, 1.94952}, {31, 0.549866}}, 52.0873, 816.3007},
    {TensorType::IQ4_NL, {{0, -3.49915}, {1, 2.49939}, {15, -12.6969}, {16, -3.49915}, {31, 0.0999756}}, -25.6937, -691.7311},
    {TensorType::MXFP4, {{0, 0}, {1, 0.75}, {15, -0.375}, {16, 0.375}, {31, 0.75}}, 3.125, 79.75},
    {TensorType::Q2_K, {{0, 3.29919}, {17, -0.149963}, {33, -0.249939}, {100, 1.99951}, {200, 0.799805}, {255, 0.44989}}, 205.85, 24307.06},
    {TensorType::Q3_K, {{0, 8.09802}, {17, 12.7969}, {33, 4.39893}, {100, 0}, {200, 2.49939}, {255, 4.19897}}, 95.7766, 17710.18},
    {TensorType::Q4_K, {{0, 31.5423}, {17, -2.54938}, {33, 1.99951}, {100, 9.49768}, {200, 13.8466}, {255, 4.84882}}, 5442.67, 757099.1},
    {TensorType::Q5_K, {{0, 81.1302}, {17, -2.54938}, {33, -0.399902}, {100, 23.4943}, {200, 13.8466}, {255, 10.8474}}, 11618.8, 1602354},
    {TensorType::Q6_K, {{0, -143.065}, {17, 51.1875}, {33, -67.1836}, {100, 252.238}, {200, 108.873}, {255, -5.99854}}, 461.087, 78422.85},
    {TensorType::IQ4_XS, {{0, 6.49841}, {17, 3.49915}, {33, -0.699829}, {100, 3.99902}, {200, 113.972}, {255, -1.59961}}, -1100.23, -209062.3},
};

} // namespace

TEST_CASE("dequantize_row: every block format gives the values of its test vector") {
    for (const Vector& vector : kVectors) {
        CAPTURE(info(vector.type).name);
        std::vector<float> y(info(vector.type).block_elements);
        dequantize_row(vector.type, block_of(vector.type).data(), y.data(), y.size());
        double sum = 0, weighted = 0;
        for (size_t i = 0; i < y.size(); ++i) sum += y[i], weighted += double(i + 1) * y[i];
        for (const Sample& sample : vector.samples) CHECK(y[sample.at] == doctest::Approx(sample.value).epsilon(1e-5));
        CHECK(sum == doctest::Approx(vector.sum).epsilon(1e-5));
        CHECK(weighted == doctest::Approx(vector.weighted_sum).epsilon(1e-6));
    }
}

TEST_CASE("tensor types: names and ids lead back to the type, other ids to nothing") {
    for (uint32_t id = 0; id < 64; ++id)
        if (const auto type = tensor_type_from_id(id)) CHECK(tensor_type_from_name(info(*type).name) == type);
    for (uint32_t id : {4u, 5u, 9u, 15u, 16u, 31u, 34u, 40u, 4096u}) CHECK_FALSE(tensor_type_from_id(id));
    CHECK(tensor_type_from_name("q4_k") == TensorType::Q4_K);
    CHECK_FALSE(tensor_type_from_name("Q4_K"));
    CHECK(row_bytes(TensorType::Q6_K, 512) == 420);
}

TEST_CASE("half precision: every half survives the way to float32 and back") {
    for (uint32_t bits = 0; bits < 0x10000; ++bits) {
        const float value = f16_to_f32(static_cast<uint16_t>(bits));
        if (std::isnan(value)) CHECK(std::isnan(f16_to_f32(f32_to_f16(value))));
        else CHECK(f32_to_f16(value) == bits);
    }
    CHECK(f16_to_f32(0x3C00) == 1.0f);
    CHECK(f16_to_f32(0x0001) == 0x1p-24f);
    CHECK(f16_to_f32(0xFBFF) == -65504.0f);
}

TEST_CASE("half precision: rounding is to the nearest, ties to even") {
    for (uint32_t bits = 0; bits < 0x7BFF; ++bits) {
        const float low = f16_to_f32(static_cast<uint16_t>(bits)), high = f16_to_f32(static_cast<uint16_t>(bits + 1));
        const float middle = low + (high - low) / 2; // exact in float32
        CHECK(f32_to_f16(middle) == bits + (bits & 1));
        CHECK(f32_to_f16(std::nextafter(middle, low)) == bits);
        CHECK(f32_to_f16(std::nextafter(middle, high)) == bits + 1);
    }
    CHECK(f32_to_f16(65519.0f) == 0x7BFF);
    CHECK(f32_to_f16(65520.0f) == 0x7C00);
    CHECK(f32_to_f16(-std::numeric_limits<float>::infinity()) == 0xFC00);
}

TEST_CASE("bfloat16: rounding is to the nearest, ties to even, and NaN stays NaN") {
    CHECK(f32_to_bf16(1.0f) == 0x3F80);
    CHECK(f32_to_bf16(std::bit_cast<float>(0x3F808000u)) == 0x3F80);
    CHECK(f32_to_bf16(std::bit_cast<float>(0x3F818000u)) == 0x3F82);
    CHECK(f32_to_bf16(std::bit_cast<float>(0x3F808001u)) == 0x3F81);
    CHECK(std::isnan(bf16_to_f32(f32_to_bf16(std::bit_cast<float>(0x7F800001u)))));
    CHECK(f32_to_bf16(std::numeric_limits<float>::max()) == 0x7F80);
}

TEST_CASE("quantize_row: q8_0 is off by at most half a step, and by half a step of the scale's rounding") {
    std::vector<float> x(64), y(64);
    for (size_t i = 0; i < x.size(); ++i) x[i] = std::sin(float(i) * 1.7f) * (i < 32 ? 3.f : 0.01f);
    std::vector<std::byte> stored(row_bytes(TensorType::Q8_0, 64));
    REQUIRE(quantize_row(TensorType::Q8_0, x.data(), stored.data(), 64));
    dequantize_row(TensorType::Q8_0, stored.data(), y.data(), 64);
    for (size_t i = 0; i < 64; ++i) {
        const float step = (i < 32 ? 3.f : 0.01f) / 127;
        CHECK(std::fabs(x[i] - y[i]) <= step * 0.5f + 127 * step * 0x1p-11f);
    }
    const std::vector<float> zeros(32);
    REQUIRE(quantize_row(TensorType::Q8_0, zeros.data(), stored.data(), 32));
    dequantize_row(TensorType::Q8_0, stored.data(), y.data(), 32);
    CHECK(y[7] == 0);
}

TEST_CASE("quantize_row: a type that is only read is refused with a sentence") {
    const std::vector<float> x(256);
    std::vector<std::byte> stored(1024);
    const auto refused = quantize_row(TensorType::IQ4_XS, x.data(), stored.data(), 256);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::Unsupported);
    CHECK(refused.error().message.find("iq4_xs") != std::string::npos);
}

TEST_CASE("to_f32: integers and doubles become their values, rows in order") {
    const std::vector<int64_t> integers = {1, -2, 1'000'000, 4};
    const std::vector<double> doubles = {0.5, -1e300};
    CHECK(to_f32({"i", TensorType::I64, {2, 2}, std::as_bytes(std::span(integers)), nullptr})[2] == 1e6f);
    CHECK(to_f32({"d", TensorType::F64, {2}, std::as_bytes(std::span(doubles)), nullptr})[0] == 0.5f);
    CHECK(to_f32(make_f32_tensor("f", {}, {7})).at(0) == 7);
    CHECK(to_f32(make_f32_tensor("f", {0, 3}, {})).empty());
}

TEST_CASE("model_file: require tells a missing tensor and a wrong shape apart") {
    ModelFile model;
    model.files.push_back("m.gguf");
    model.add(make_f32_tensor("a", {2, 3}, std::vector<float>(6)));
    const std::vector<uint64_t> right = {2, 3}, wrong = {3, 2};
    CHECK(model.require("a", right));
    CHECK(model.require("a", wrong).error().message.find("[2, 3] where [3, 2]") != std::string::npos);
    CHECK(model.require("b", right).error().message.find("no tensor b") != std::string::npos);
}

TEST_CASE("metadata: a value answers only to its kind") {
    Metadata metadata;
    metadata.set("flag", true);
    metadata.set("one", int64_t{1});
    metadata.set("half", 0.5);
    metadata.set("name", std::string("x"));
    CHECK(metadata.boolean("flag") == true);
    CHECK(metadata.boolean("one") == true);
    CHECK_FALSE(metadata.integer("flag"));
    CHECK_FALSE(metadata.integer("half"));
    CHECK(metadata.number("one") == 1.0);
    CHECK_FALSE(metadata.text("one"));
    CHECK(metadata.text("name") == "x");
    CHECK(metadata.strings("name") == nullptr);
    metadata.erase("name");
    CHECK_FALSE(metadata.contains("name"));
}

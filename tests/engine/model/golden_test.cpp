// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Tiny random checkpoints with logits from the published implementations (tests/data/goldens/README.md).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "engine/formats/safetensors.h"
#include "engine/generate/session.h"
#include "engine/model/checkpoint.h"
#include "engine/model/encoder.h"
#include "tests/support/random_floats.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LECTERN_TEST_DATA) / "goldens";

struct Golden {
    std::vector<TokenId> ids, greedy;
    std::map<std::string, std::vector<float>> tensors;
    double deviation = 0; // of the logits

    explicit Golden(const std::string& name) {
        const auto read = read_safetensors(kGoldens / name / "golden.safetensors");
        REQUIRE(read);
        for (const Tensor& tensor : *read) {
            if (tensor.type == TensorType::I64) {
                for (uint64_t i = 0; i < tensor.elements(); ++i) {
                    int64_t id;
                    std::memcpy(&id, tensor.bytes.data() + 8 * i, 8);
                    (tensor.name == "ids" ? ids : greedy).push_back(TokenId(id));
                }
            } else {
                tensors[tensor.name] = to_f32(tensor);
            }
        }
        if (!tensors.contains("logits")) return;
        double mean = 0, squares = 0;
        for (const float v : tensors["logits"]) mean += v / double(tensors["logits"].size());
        for (const float v : tensors["logits"]) squares += (v - mean) * (v - mean);
        deviation = std::sqrt(squares / double(tensors["logits"].size()));
    }
};

struct Run {
    std::vector<float> logits, step_logits;
    std::vector<TokenId> greedy;
};

Run run(const ModelFile& file, const Golden& golden, const std::string& backend, int64_t chunk, int threads = 1) {
    LoadOptions options;
    options.backend = backend;
    options.threads = threads;
    const auto model = Model::create(file, options);
    REQUIRE_MESSAGE(model, (model ? "" : model.error().message));
    const auto session = Session::create(*model, {.context = 512, .prefill_chunk = chunk});
    REQUIRE(session);
    Run result;
    const auto vocab = size_t((*model)->info().vocab_size);
    const LogitRequest all{[](int64_t) { return true; }, [&](int64_t, std::span<const float> row) {
                               result.logits.insert(result.logits.end(), row.begin(), row.end());
                           }};
    REQUIRE((*session)->prefill(golden.ids, {}, {}, &all));
    std::vector<float> logits(vocab);
    (*session)->last_logits(logits);
    for (size_t i = 0; i < golden.greedy.size(); ++i) {
        result.step_logits.insert(result.step_logits.end(), logits.begin(), logits.end());
        result.greedy.push_back(TokenId(std::max_element(logits.begin(), logits.end()) - logits.begin()));
        REQUIRE((*session)->step(golden.greedy[i], logits, {}));
    }
    return result;
}

constexpr const char* kDecoders[] = {"granite-h-dense", "granite-h-moe"};

} // namespace

TEST_CASE("goldens: logits of prefill and of every step lie within 1e-3 of their deviation, all greedy tokens are equal") {
    for (const char* name : kDecoders) {
        Golden golden(name);
        const auto file = open_checkpoint(kGoldens / name);
        REQUIRE(file);
        for (const char* backend : {"reference", "cpu"})
            for (const int64_t chunk : {256, 7}) {
                CAPTURE(name);
                CAPTURE(backend);
                CAPTURE(chunk);
                const Run result = run(*file, golden, backend, chunk);
                CHECK(distance(result.logits, golden.tensors["logits"]) <= 1e-3 * golden.deviation);
                CHECK(distance(result.step_logits, golden.tensors["step_logits"]) <= 1e-3 * golden.deviation);
                CHECK(result.greedy == golden.greedy);
            }
    }
}

TEST_CASE("goldens: neither the chunk nor the number of threads changes a bit on the cpu") {
    for (const char* name : kDecoders) {
        const Golden golden(name);
        const auto file = open_checkpoint(kGoldens / name);
        REQUIRE(file);
        const Run first = run(*file, golden, "cpu", 256, 1);
        for (const auto& [chunk, threads] : {std::pair(512, 2), std::pair(64, 3), std::pair(1, 1)}) {
            const Run other = run(*file, golden, "cpu", chunk, threads);
            CHECK(other.logits == first.logits);
            CHECK(other.step_logits == first.step_logits);
        }
    }
}

TEST_CASE("goldens: a checkpoint written as GGUF and read again gives the same bits") {
    TemporaryFolder folder;
    for (const char* name : kDecoders) {
        const Golden golden(name);
        const auto file = open_checkpoint(kGoldens / name);
        REQUIRE(file);
        REQUIRE(write_gguf(folder / "model.gguf", *file));
        const auto again = open_checkpoint(folder / "model.gguf");
        REQUIRE_MESSAGE(again, (again ? "" : again.error().message));
        CHECK(run(*again, golden, "cpu", 256).logits == run(*file, golden, "cpu", 256).logits);
    }
}

TEST_CASE("goldens: weights as q8_0 stay near the float32 logits") {
    for (const char* name : kDecoders) {
        Golden golden(name);
        const auto file = open_checkpoint(kGoldens / name);
        const auto quantised = with_weights_as(*file, TensorType::Q8_0);
        REQUIRE(quantised);
        const Run result = run(*quantised, golden, "cpu", 256);
        // The median row: where another expert is chosen, single rows move by a whole deviation.
        const size_t vocab = result.logits.size() / golden.ids.size();
        std::vector<double> rows;
        for (size_t row = 0; row < golden.ids.size(); ++row) {
            double squares = 0;
            for (size_t i = row * vocab; i < (row + 1) * vocab; ++i)
                squares += std::pow(double(result.logits[i]) - golden.tensors["logits"][i], 2);
            rows.push_back(std::sqrt(squares / double(vocab)));
        }
        std::nth_element(rows.begin(), rows.begin() + ptrdiff_t(rows.size() / 2), rows.end());
        CHECK(rows[rows.size() / 2] <= 0.05 * golden.deviation);
    }
}

TEST_CASE("goldens: the encoder's hidden states and pooled vector match") {
    Golden golden("bert");
    const auto file = open_checkpoint(kGoldens / "bert");
    REQUIRE_MESSAGE(file, (file ? "" : file.error().message));
    for (const char* backend : {"reference", "cpu"}) {
        LoadOptions options;
        options.backend = backend;
        const auto encoder = Encoder::create(*file, options);
        REQUIRE_MESSAGE(encoder, (encoder ? "" : encoder.error().message));
        std::vector<float> hidden(golden.tensors["hidden"].size()), mean(golden.tensors["mean_l2"].size());
        REQUIRE((*encoder)->hidden(golden.ids, hidden, {}));
        CHECK(distance(hidden, golden.tensors["hidden"]) <= 1e-5);
        const std::span<const TokenId> sequence(golden.ids);
        REQUIRE((*encoder)->encode({&sequence, 1}, mean, {}));
        CHECK(distance(mean, golden.tensors["mean_l2"]) <= 1e-6);
        // Among others, shorter and longer than a run holds, it has the same bits.
        std::vector<std::span<const TokenId>> many(9, sequence);
        many[2] = sequence.first(1);
        many[5] = sequence.first(77);
        std::vector<float> together(many.size() * mean.size());
        REQUIRE((*encoder)->encode(many, together, {}));
        for (const size_t i : {0, 4, 8})
            CHECK(std::equal(mean.begin(), mean.end(), together.begin() + ptrdiff_t(i * mean.size())));
    }
}

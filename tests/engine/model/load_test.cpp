// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "engine/model/checkpoint.h"
#include "engine/model/encoder.h"
#include "engine/model/model.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LECTERN_TEST_DATA) / "goldens";

std::string failure(const std::filesystem::path& path) {
    const auto model = Model::open(path.string(), {}, {});
    return model ? "" : model.error().message;
}

} // namespace

TEST_CASE("load: a missing, unknown or truncated model is a sentence that names the file") {
    TemporaryFolder folder;
    CHECK(failure(folder / "none.gguf").find("none.gguf") != std::string::npos);

    ModelFile alien;
    alien.metadata.set("general.architecture", std::string("perceptron"));
    REQUIRE(write_gguf(folder / "alien.gguf", alien));
    const std::string unknown = failure(folder / "alien.gguf");
    CHECK(unknown.find("perceptron") != std::string::npos);
    CHECK(unknown.find("granitehybrid") != std::string::npos);

    REQUIRE(write_gguf(folder / "whole.gguf", *open_checkpoint(kGoldens / "granite-h-dense")));
    const auto bytes = read_file(folder / "whole.gguf");
    REQUIRE(bytes);
    for (const double share : {0.0, 0.001, 0.3, 0.99}) {
        REQUIRE(write_file_atomic(folder / "cut.gguf", bytes->substr(0, size_t(double(bytes->size()) * share))));
        CHECK(failure(folder / "cut.gguf").find("cut.gguf") != std::string::npos);
    }
    CHECK(failure(folder.path()).find("gguf") != std::string::npos);
}

TEST_CASE("load: a description that does not fit its tensors is refused, whatever number is wrong") {
    const auto good = open_checkpoint(kGoldens / "granite-h-moe");
    REQUIRE(good);
    REQUIRE(Model::create(*good, {}));
    for (const char* key : {"block_count", "embedding_length", "attention.head_count", "ssm.inner_size", "ssm.state_size",
                            "ssm.time_step_rank", "ssm.group_count", "ssm.conv_kernel", "expert_count",
                            "expert_used_count", "feed_forward_length", "vocab_size"})
        for (const int64_t wrong : {int64_t{-1}, int64_t{0}, int64_t{3}, int64_t{1000}, int64_t{1} << 40}) {
            ModelFile bad = *good;
            if (std::string_view(key) == "expert_used_count" && wrong == 3) continue; // of six: fits
            bad.metadata.set(std::string("granitehybrid.") + key, wrong);
            CAPTURE(std::string(key));
            CAPTURE(wrong);
            CHECK_FALSE(Model::create(bad, {}));
        }
    for (const Tensor& tensor : good->tensors()) {
        if (tensor.name.ends_with("ssm_conv1d.bias")) continue; // some checkpoints have none
        ModelFile bad;
        bad.metadata = good->metadata;
        for (const Tensor& other : good->tensors())
            if (other.name != tensor.name) bad.add(other);
        CAPTURE(tensor.name);
        CHECK_FALSE(Model::create(bad, {}));
    }
}

TEST_CASE("load: names are looked up as NAME.gguf and NAME/ in the folders, in order") {
    TemporaryFolder folder;
    std::filesystem::create_directories(folder / "a" / "model");
    std::filesystem::create_directories(folder / "b");
    REQUIRE(write_file_atomic(folder / "b" / "model.gguf", "x"));
    CHECK(*find_model("model", {folder / "b", folder / "a"}) == folder / "b" / "model.gguf");
    CHECK(*find_model("model", {folder / "a", folder / "b"}) == folder / "a" / "model");
    const auto missing = find_model("other", {folder / "a"});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find((folder / "a").string()) != std::string::npos);
}

TEST_CASE("load: an encoder cannot write and a decoder cannot encode, and both say so") {
    CHECK(Model::open((kGoldens / "bert").string(), {}, {}).error().kind == ErrorKind::Unsupported);
    CHECK(Encoder::open((kGoldens / "granite-h-dense").string(), {}, {}).error().kind == ErrorKind::Unsupported);
}

TEST_CASE("load: memory is planned per context before anything is allocated") {
    const auto model = Model::open((kGoldens / "granite-h-dense").string(), {}, {});
    REQUIRE(model);
    const MemoryPlan small = (*model)->plan(1000, KvType::F32, 256), large = (*model)->plan(2000, KvType::F32, 256);
    CHECK(small.kv == 1000 * 2 * 32 * 4); // one attention layer, two KV heads of 16, float32
    CHECK(large.kv == 2 * small.kv);
    CHECK(large.state == small.state);
    CHECK((*model)->plan(1000, KvType::Bf16, 256).kv == small.kv / 2);
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/gguf.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "engine/base/file.h"
#include "tests/engine/formats/gguf_bytes.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;
using test::GgufBytes;
using test::parse_copy;

namespace {

/// The sentence with which a file is refused; fails the test if it is accepted.
std::string refusal(const GgufBytes& file, ErrorKind kind = ErrorKind::Damaged) {
    const auto model = parse_copy(file.bytes());
    REQUIRE_FALSE(model);
    CHECK(model.error().kind == kind);
    CHECK(model.error().message.find("test.gguf") != std::string::npos);
    return model.error().message;
}

bool says(const std::string& sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

ModelFile rich_model() {
    ModelFile model;
    model.metadata.set("general.architecture", std::string("granitehybrid"));
    model.metadata.set("granitehybrid.block_count", int64_t{2});
    model.metadata.set("granitehybrid.attention.head_count_kv", std::vector<int64_t>{0, 4});
    model.metadata.set("granitehybrid.rope.freq_base", 10000.0);
    model.metadata.set("granitehybrid.negative", int64_t{-3});
    model.metadata.set("flags", std::vector<bool>{true, false});
    model.metadata.set("flag", false);
    model.metadata.set("tokenizer.ggml.tokens", std::vector<std::string>{"a", std::string("\0b", 2)});
    model.metadata.set("tokenizer.ggml.scores", std::vector<double>{-1.5, 0});
    model.metadata.set("empty", std::vector<int64_t>{});
    model.add(make_f32_tensor("blk.0.attn_norm.weight", {5}, {1, 2, 3, 4, 5}));
    model.add(make_f32_tensor("m", {2, 3}, {1, 2, 3, 4, 5, 6}));
    return model;
}

} // namespace

TEST_CASE("gguf: a sound file gives its values and its tensors, slowest axis first") {
    const auto model = parse_copy(test::small_gguf());
    REQUIRE(model);
    CHECK(model->metadata.text("general.architecture") == "mamba2");
    CHECK(model->metadata.integer("u8") == 200);
    CHECK(model->metadata.integer("i16") == -5);
    CHECK(model->metadata.integer("i64") == int64_t{-1} << 40);
    CHECK(model->metadata.number("f32") == 0.25);
    CHECK(model->metadata.boolean("flag") == true);
    CHECK(*model->metadata.strings("words") == std::vector<std::string>{"a", ""});
    CHECK(*model->metadata.integers("list") == std::vector<int64_t>{1, -2, 3});
    CHECK(model->find("a")->shape == std::vector<uint64_t>{2, 3});
    CHECK(model->find("b")->type == TensorType::Q8_0);
    CHECK(model->find("b")->bytes.size() == 34);
    CHECK(model->find("b")->bytes[1] == std::byte{1});
}

TEST_CASE("gguf: a file cut at any byte is refused with a sentence") {
    const std::string whole = test::small_gguf();
    for (size_t n = 0; n < whole.size(); ++n) {
        CAPTURE(n);
        const auto model = parse_copy(std::string_view(whole).substr(0, n));
        REQUIRE_FALSE(model);
        CHECK(model.error().message.ends_with("."));
    }
}

TEST_CASE("gguf: any flipped byte of the header gives a sound model or a sentence") {
    const std::string whole = test::small_gguf();
    int refused = 0;
    for (size_t at = 0; at < whole.size() - 66; ++at)
        for (int value : {0x00, 0x01, 0x7F, 0x80, 0xFF, ~whole[at] & 0xFF}) {
            std::string changed = whole;
            changed[at] = static_cast<char>(value);
            const auto model = parse_copy(changed);
            if (!model) ++refused;
            else
                for (const Tensor& tensor : model->tensors()) CHECK(to_f32(tensor).size() == tensor.elements());
        }
    CHECK(refused > 500);
}

TEST_CASE("gguf: the header is checked before anything is reserved") {
    CHECK(says(refusal(GgufBytes().header(-1, 0)), "promises more"));
    CHECK(says(refusal(GgufBytes().header(0, int64_t{1} << 62)), "promises more"));
    CHECK(says(refusal(GgufBytes().header(2, 0).data(40)), "promises more"));
    CHECK(says(refusal(GgufBytes().header(0, 0, 1), ErrorKind::Unsupported), "version 1"));
    CHECK(says(refusal(GgufBytes().header(0, 0, 4), ErrorKind::Unsupported), "version 4"));
    CHECK(says(refusal(GgufBytes().header(0, 0, 3u << 24), ErrorKind::Unsupported), "big-endian"));
    CHECK(parse_copy(GgufBytes().header(0, 0, 2).bytes()));
}

TEST_CASE("gguf: metadata that breaks a rule is refused") {
    const auto one = [](auto&& fill) {
        GgufBytes file;
        file.header(0, 1);
        fill(file);
        return refusal(file.data(64));
    };
    CHECK(says(one([](GgufBytes& f) { f.pair("", 4, 1u); }), "key is empty"));
    CHECK(says(one([](GgufBytes& f) { f.pair(std::string(70000, 'k'), 4, 1u); }), "longer than any real one"));
    CHECK(says(one([](GgufBytes& f) { f.pair("k", 13, 1u); }), "unknown type 13"));
    CHECK(says(one([](GgufBytes& f) { f.pair("k", -1, 1u); }), "unknown type -1"));
    CHECK(says(one([](GgufBytes& f) { f.pair("k", 7, uint8_t{2}); }), "neither 0 nor 1"));
    CHECK(says(one([](GgufBytes& f) { f.pair("k", 6, std::nanf("")); }), "infinite or not a number"));
    CHECK(says(one([](GgufBytes& f) { f.pair("k", 12, std::numeric_limits<double>::infinity()); }), "infinite"));
    CHECK(says(one([](GgufBytes& f) { f.pair("k", 10, UINT64_MAX); }), "63 bits"));
    CHECK(says(one([](GgufBytes& f) { f.text("k").put(8).put(UINT64_MAX); }), "longer than any real one"));
    CHECK(says(one([](GgufBytes& f) { f.text("k").put(8).put(uint64_t{1000}); }), "past the end"));
    CHECK(says(one([](GgufBytes& f) { f.text("k").put(9).put(9).put(uint64_t{1}); }), "not allowed"));
    CHECK(says(one([](GgufBytes& f) { f.text("k").put(9).put(4).put(uint64_t{1} << 62); }), "longer than the file"));
    CHECK(says(one([](GgufBytes& f) { f.text("k").put(9).put(8).put(uint64_t{1} << 63); }), "longer than the file"));
    for (uint32_t alignment : {0u, 1u, 4u, 24u, 1u << 21, 0x80000000u})
        CHECK(says(one([&](GgufBytes& f) { f.pair("general.alignment", 4, alignment); }), "not a power of two"));
    CHECK(says(one([](GgufBytes& f) { f.pair("general.alignment", 10, uint64_t{32}); }), "not a u32"));
    CHECK(says(refusal(GgufBytes().header(0, 2).pair("k", 4, 1u).pair("k", 4, 2u)), "occurs twice"));
}

TEST_CASE("gguf: a tensor that breaks a rule is refused") {
    const auto one = [](std::string_view name, std::vector<int64_t> ne, int32_t type, uint64_t offset = 0) {
        GgufBytes file;
        file.header(1, 0).tensor(name, std::move(ne), type, offset).pad().data(256);
        return file;
    };
    CHECK(says(refusal(one("", {4}, 0)), "no proper name"));
    CHECK(says(refusal(one(std::string_view("a\0b", 3), {4}, 0)), "no proper name"));
    CHECK(says(refusal(one(std::string(64, 'n'), {4}, 0)), "longer than any real one"));
    CHECK(says(refusal(one("t", {1, 1, 1, 1, 1}, 0)), "5 dimensions"));
    CHECK(says(refusal(one("t", {0}, 0)), "impossible shape"));
    CHECK(says(refusal(one("t", {4, -1}, 0)), "impossible shape"));
    CHECK(says(refusal(one("t", {int64_t{1} << 32, int64_t{1} << 32}, 0)), "impossible shape"));
    CHECK(says(refusal(one("t", {int64_t{1} << 62}, 0)), "impossible size"));
    CHECK(says(refusal(one("t", {33}, 8)), "no whole blocks"));
    CHECK(says(refusal(one("t", {4}, 4), ErrorKind::Unsupported), "type 4"));
    CHECK(says(refusal(one("t", {256}, 16), ErrorKind::Unsupported), "type 16"));
    CHECK(says(refusal(one("t", {4}, 0, 32)), "does not lie where it should"));
    CHECK(says(refusal(one("t", {4}, 0, 1)), "does not lie where it should"));
    CHECK(says(refusal(one("t", {65}, 0)), "weights end before"));
    CHECK(says(refusal(GgufBytes().header(2, 0).tensor("t", {1}, 0, 0).tensor("t", {1}, 0, 32).pad().data(64)), "twice"));
    CHECK(says(refusal(GgufBytes().header(2, 0).tensor("t", {1}, 0, 0).tensor("u", {1}, 0, 0).pad().data(64)), "lie where"));
    CHECK(parse_copy(one("t", {64}, 0).bytes()));
    CHECK(parse_copy(one("scalar", {}, 0).bytes())->find("scalar")->elements() == 1);
}

TEST_CASE("gguf: the alignment that the file states places its data") {
    GgufBytes file;
    file.header(2, 1).pair("general.alignment", 4, 64u).tensor("a", {1}, 0, 0).tensor("b", {1}, 0, 64);
    file.pad(64).data(4).pad(64).put(2.5f);
    const auto model = parse_copy(file.bytes());
    REQUIRE(model);
    CHECK(to_f32(*model->find("b"))[0] == 2.5f);
}

TEST_CASE("gguf: what is written reads back equal") {
    TemporaryFolder folder;
    const ModelFile model = rich_model();
    REQUIRE(write_gguf(folder / "m.gguf", model));
    const auto read = read_gguf(folder / "m.gguf");
    REQUIRE(read);
    CHECK(read->metadata.values() == model.metadata.values());
    REQUIRE(read->tensors().size() == 2);
    for (const Tensor& tensor : model.tensors()) {
        REQUIRE(read->find(tensor.name));
        CHECK(read->find(tensor.name)->shape == tensor.shape);
        CHECK(to_f32(*read->find(tensor.name)) == to_f32(tensor));
    }
}

TEST_CASE("gguf: a name that does not fit is refused before anything is written") {
    TemporaryFolder folder;
    ModelFile model;
    model.add(make_f32_tensor(std::string(64, 'n'), {1}, {1}));
    CHECK(write_gguf(folder / "m.gguf", model).error().kind == ErrorKind::Unsupported);
    CHECK(std::filesystem::is_empty(folder.path()));
}

namespace {

/// Part `number` (from 0) of `count`, with one tensor.
void write_part(const std::filesystem::path& path, int64_t number, int64_t count, std::string tensor, int64_t total) {
    GgufBytes file;
    file.header(1, number == 0 ? 4 : 3);
    if (number == 0) file.text_pair("general.architecture", "llama");
    file.pair("split.no", 2, uint16_t(number)).pair("split.count", 2, uint16_t(count));
    file.pair("split.tensors.count", 5, int32_t(total)).tensor(tensor, {1}, 0, 0).pad().put(float(number));
    REQUIRE(write_file_atomic(path, file.bytes()));
}

} // namespace

TEST_CASE("gguf: the first part of a split brings its siblings") {
    TemporaryFolder folder;
    write_part(folder / "m-00001-of-00002.gguf", 0, 2, "a", 2);
    CHECK(read_gguf(folder / "m-00001-of-00002.gguf").error().kind == ErrorKind::NotFound);
    write_part(folder / "m-00002-of-00002.gguf", 1, 2, "b", 2);
    const auto model = read_gguf(folder / "m-00001-of-00002.gguf");
    REQUIRE(model);
    CHECK(model->tensors().size() == 2);
    CHECK(to_f32(*model->find("b"))[0] == 1);
    CHECK(model->files.size() == 2);
    CHECK_FALSE(model->metadata.contains("split.count"));
    CHECK(says(read_gguf(folder / "m-00002-of-00002.gguf").error().message, "open the first part"));
}

TEST_CASE("gguf: parts that do not belong together are refused") {
    TemporaryFolder folder;
    const auto first = folder / "m-00001-of-00002.gguf", second = folder / "m-00002-of-00002.gguf";
    write_part(first, 0, 2, "a", 2);
    write_part(second, 1, 3, "b", 2);
    CHECK(says(read_gguf(first).error().message, "part 2 of 3, not part 2 of 2"));
    write_part(second, 1, 2, "a", 2);
    CHECK(says(read_gguf(first).error().message, "earlier part"));
    write_part(second, 1, 2, "b", 3);
    write_part(first, 0, 2, "a", 3);
    CHECK(says(read_gguf(first).error().message, "2 tensors instead of 3"));
    write_part(folder / "renamed.gguf", 0, 2, "a", 2);
    CHECK(says(read_gguf(folder / "renamed.gguf").error().message, "give it its old name"));
}

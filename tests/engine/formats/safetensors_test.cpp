// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/safetensors.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/base/file.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

std::string file_of(std::string_view header, size_t data_bytes) {
    const uint64_t n = header.size();
    std::string bytes(reinterpret_cast<const char*>(&n), 8);
    bytes += header;
    for (size_t i = 0; i < data_bytes; ++i) bytes += static_cast<char>(i);
    return bytes;
}

Result<std::vector<Tensor>> parse_copy(std::string_view bytes) {
    auto copy = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
    return parse_safetensors(std::as_bytes(std::span(*copy)), copy, "test.safetensors");
}

const std::string kSound = file_of(R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},)"
                                   R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                                   R"("none":{"dtype":"BF16","shape":[0,7],"data_offsets":[16,16]}})",
                                   16);

/// The sentence for a file with one tensor entry and 8 bytes of data.
std::string refusal(std::string_view entry, ErrorKind kind = ErrorKind::Damaged) {
    const auto tensors = parse_copy(file_of("{\"t\":" + std::string(entry) + "}", 8));
    REQUIRE_FALSE(tensors);
    CHECK(tensors.error().kind == kind);
    return tensors.error().message;
}

bool says(const std::string& sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

} // namespace

TEST_CASE("safetensors: a sound file gives its tensors in file order") {
    const auto tensors = parse_copy(kSound);
    REQUIRE(tensors);
    REQUIRE(tensors->size() == 3);
    CHECK((*tensors)[0].name == "a");
    CHECK((*tensors)[0].elements() == 1);
    CHECK((*tensors)[1].shape == std::vector<uint64_t>{2, 3});
    CHECK((*tensors)[1].bytes[0] == std::byte{4});
    CHECK((*tensors)[2].elements() == 0);
}

TEST_CASE("safetensors: a file cut at any byte is refused with a sentence") {
    for (size_t n = 0; n < kSound.size(); ++n) {
        const auto tensors = parse_copy(std::string_view(kSound).substr(0, n));
        REQUIRE_FALSE(tensors);
        CHECK(says(tensors.error().message, "test.safetensors"));
    }
    CHECK(says(parse_copy(kSound + "x").error().message, "bytes follow the last tensor"));
}

TEST_CASE("safetensors: any flipped byte of the header gives sound tensors or a sentence") {
    int refused = 0;
    for (size_t at = 0; at < kSound.size() - 16; ++at)
        for (int value : {0x00, 0x20, 0x22, 0x30, 0x39, 0x7B, 0x80, 0xFF}) {
            std::string changed = kSound;
            changed[at] = static_cast<char>(value);
            const auto tensors = parse_copy(changed);
            if (!tensors) ++refused;
            else
                for (const Tensor& tensor : *tensors) CHECK(to_f32(tensor).size() == tensor.elements());
        }
    CHECK(refused > 500);
}

TEST_CASE("safetensors: an entry that breaks a rule is refused") {
    CHECK(says(refusal(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})", ErrorKind::Unsupported), "F8_E4M3"));
    CHECK(says(refusal(R"({"dtype":"f32","shape":[2],"data_offsets":[0,8]})", ErrorKind::Unsupported), "f32"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[2]})"), "lacks"));
    CHECK(says(refusal(R"([])"), "lacks"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"), "impossible shape"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), "impossible shape"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]})"), "impossible shape"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]})"), "impossible shape"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})"), "another size"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), "another size"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8,9]})"), "no proper data_offsets"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"), "does not lie where it should"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":{"y":{"z":[[[[[1]]]]]}}})", ErrorKind::TooLarge),
               "nested too deeply"));
    CHECK(says(refusal(R"({"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]})"), "twice"));
}

TEST_CASE("safetensors: tensors that overlap, leave holes or share a name are refused") {
    const auto two = [](std::string_view a, std::string_view b, std::string_view second) {
        return parse_copy(file_of("{\"a\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":" + std::string(a) + "},\"" +
                                      std::string(second) + "\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":" +
                                      std::string(b) + "}}",
                                  9));
    };
    CHECK(says(two("[0,4]", "[3,7]", "b").error().message, "does not lie where it should"));
    CHECK(says(two("[0,4]", "[5,9]", "b").error().message, "does not lie where it should"));
    CHECK(says(two("[0,4]", "[4,8]", "a").error().message, "twice"));
    CHECK_FALSE(two("[0,4]", "[4,8]", "b"));
}

TEST_CASE("safetensors: a header length that lies is refused without reserving it") {
    for (uint64_t length : {uint64_t{0}, uint64_t{1} << 20, uint64_t{100'000'001}, UINT64_MAX, UINT64_MAX - 7}) {
        std::string bytes = kSound;
        bytes.replace(0, 8, reinterpret_cast<const char*>(&length), 8);
        CHECK(parse_copy(bytes).error().kind == ErrorKind::Damaged);
    }
}

TEST_CASE("safetensors: what is written reads back equal, each tensor aligned for its type") {
    TemporaryFolder folder;
    const std::vector<uint16_t> halves = {1, 2, 3};
    const std::vector<int64_t> ids = {5, -6};
    std::vector<Tensor> tensors = {{"h", TensorType::F16, {3}, std::as_bytes(std::span(halves)), nullptr},
                                   make_f32_tensor("f", {1, 2}, {0.5f, -2}),
                                   {"ids", TensorType::I64, {2}, std::as_bytes(std::span(ids)), nullptr}};
    REQUIRE(write_safetensors(folder / "a.safetensors", tensors));
    const auto read = read_safetensors(folder / "a.safetensors");
    REQUIRE(read);
    REQUIRE(read->size() == 3);
    for (const Tensor& tensor : *read) {
        const auto same = std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& t) { return t.name == tensor.name; });
        REQUIRE(same != tensors.end());
        CHECK(to_f32(tensor) == to_f32(*same));
        CHECK(reinterpret_cast<uintptr_t>(tensor.bytes.data()) % info(tensor.type).block_bytes == 0);
    }
    const std::vector<std::byte> block(34);
    tensors.push_back({"q", TensorType::Q8_0, {32}, block, nullptr});
    CHECK(write_safetensors(folder / "b.safetensors", tensors).error().kind == ErrorKind::Unsupported);
}

TEST_CASE("safetensors: a folder is its single file, or what its index lists") {
    TemporaryFolder folder;
    CHECK(read_safetensors_folder(folder.path()).error().kind == ErrorKind::NotFound);
    const std::vector<Tensor> a = {make_f32_tensor("a", {1}, {1}), make_f32_tensor("extra", {1}, {9})};
    const std::vector<Tensor> b = {make_f32_tensor("b", {1}, {2})};
    REQUIRE(write_safetensors(folder / "x-1.safetensors", a));
    CHECK(read_safetensors_folder(folder.path())->size() == 2);
    REQUIRE(write_safetensors(folder / "x-2.safetensors", b));
    CHECK(read_safetensors_folder(folder.path()).error().message.find("several") != std::string::npos);
    const auto index = folder / "model.safetensors.index.json";
    REQUIRE(write_file_atomic(index, R"({"metadata":{},"weight_map":{"a":"x-1.safetensors","b":"x-2.safetensors"}})"));
    const auto sharded = read_safetensors_folder(folder.path());
    REQUIRE(sharded);
    CHECK(sharded->size() == 2);
    REQUIRE(write_file_atomic(index, R"({"weight_map":{"a":"x-1.safetensors","c":"x-2.safetensors"}})"));
    CHECK(says(read_safetensors_folder(folder.path()).error().message, "lacks 1 tensors"));
    for (const char* name : {"../x-1.safetensors", "/x.safetensors", "a/b.safetensors", "a\\\\b.safetensors", "x.bin",
                             "..safetensors", "x\\u0000.safetensors", "c:x.safetensors"}) {
        REQUIRE(write_file_atomic(index, std::string(R"({"weight_map":{"a":")") + name + "\"}}"));
        CHECK(says(read_safetensors_folder(folder.path()).error().message, "plain *.safetensors name"));
    }
    REQUIRE(write_safetensors(folder / "model.safetensors", b));
    CHECK(read_safetensors_folder(folder.path())->size() == 1);
}

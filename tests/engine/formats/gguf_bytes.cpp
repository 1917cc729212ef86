// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "tests/engine/formats/gguf_bytes.h"

#include "engine/formats/gguf.h"

namespace lectern::test {

Result<ModelFile> parse_copy(std::string_view bytes) {
    auto copy = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
    return parse_gguf(std::as_bytes(std::span(*copy)), copy, "test.gguf");
}

std::string small_gguf() {
    GgufBytes file;
    file.header(2, 9);
    file.text_pair("general.architecture", "mamba2");
    file.pair("u8", 0, uint8_t{200}).pair("i16", 3, int16_t{-5}).pair("u32", 4, uint32_t{70000});
    file.pair("f32", 6, 0.25f).pair("flag", 7, uint8_t{1}).pair("i64", 11, int64_t{-1} << 40);
    file.text("words").put(int32_t{9}).put(int32_t{8}).put(uint64_t{2}).text("a").text("");
    file.text("list").put(int32_t{9}).put(int32_t{5}).put(uint64_t{3}).put(int32_t{1}).put(int32_t{-2}).put(int32_t{3});
    file.tensor("a", {3, 2}, 0, 0).tensor("b", {32}, 8, 32);
    file.pad().data(24).pad().data(34);
    return file.bytes();
}

} // namespace lectern::test

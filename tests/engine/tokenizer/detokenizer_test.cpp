// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <random>

#include "engine/base/utf8.h"
#include "tests/engine/tokenizer/made_vocabulary.h"

using namespace lectern;

namespace {

std::shared_ptr<const Tokenizer> bytes_only() { return test::make_tokenizer(test::made_metadata("gpt2", {{"<|eos|>", TokenKind::Control}})); }

} // namespace

TEST_CASE("detokenizer: streaming gives the text of all bytes at once, in whole characters") {
    const auto tokenizer = bytes_only();
    std::mt19937 random(11);
    // Bytes that make and break UTF-8 sequences more often than uniform ones would.
    const std::string alphabet = "a \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\xFF\xC0";
    for (int round = 0; round < 3000; ++round) {
        std::string bytes(random() % 12, '\0');
        for (char& c : bytes) c = alphabet[random() % alphabet.size()];
        StreamingDetokenizer stream(tokenizer);
        std::string text;
        for (char c : bytes) {
            const std::string piece = stream.push(static_cast<uint8_t>(c));
            CHECK(is_valid_utf8(piece));
            text += piece;
        }
        text += stream.finish();
        CHECK(text == to_valid_utf8(bytes));
    }
}

TEST_CASE("detokenizer: a character is shown with its last byte, and a broken one at the end") {
    StreamingDetokenizer stream(bytes_only());
    CHECK(stream.push(0xE2).empty());
    CHECK(stream.push(0x82).empty());
    CHECK(stream.push(0xAC) == "€");
    CHECK(stream.push(0xE2).empty());
    CHECK(stream.push('x') == "\uFFFDx");
    CHECK(stream.push(0xF0).empty());
    CHECK(stream.push(256).empty()); // a control token says nothing and breaks nothing
    CHECK(stream.finish() == "\uFFFD");
    CHECK(stream.finish().empty());
}

TEST_CASE("detokenizer: one leading space goes away where the vocabulary adds one") {
    const auto tokenizer = test::make_tokenizer(test::made_metadata(
        "llama", {{"<unk>", TokenKind::Unknown}, {"<s>", TokenKind::Control}, {"</s>", TokenKind::Control}, {"▁a"}, {"▁"}}));
    CHECK(detokenize(tokenizer, std::vector<TokenId>{1, 3, 3}) == "a a");
    CHECK(detokenize(tokenizer, std::vector<TokenId>{4, 3}) == " a");
}

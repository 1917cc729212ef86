// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include <random>

#include "engine/tokenizer/byte_alphabet.h"
#include "tests/engine/tokenizer/made_vocabulary.h"

using namespace lectern;
using Ids = std::vector<TokenId>;

TEST_CASE("byte alphabet: every byte has one letter and comes back from it") {
    for (int byte = 0; byte < 256; ++byte)
        CHECK(bytes_of_letters(letter_of_byte(uint8_t(byte))) == std::string(1, static_cast<char>(byte)));
    CHECK(letter_of_byte(' ') == "Ġ");
    CHECK(letter_of_byte('\n') == "Ċ");
    CHECK(letter_of_byte(0xAD) == "Ń");
    CHECK_FALSE(byte_of_letter(0x144));
    CHECK_FALSE(byte_of_letter(0x1F600));
    CHECK(bytes_of_letters("Ġ😀") == " 😀");
}

TEST_CASE("bpe: the lowest rank is merged first, the leftmost of equals") {
    const auto tokenizer = test::make_tokenizer(
        test::made_metadata("gpt2", {{"ab"}, {"bc"}, {"abc"}, {"aa"}}, {"b c", "a b", "ab c", "a a"}, "gpt-2"));
    CHECK(tokenizer->encode("abc") == Ids{'a', 257}); // b c wins over a b; nothing joins a and bc
    CHECK(tokenizer->encode("ab") == Ids{256});
    CHECK(tokenizer->encode("aaa") == Ids{259, 'a'});
}

TEST_CASE("bpe: with ignore_merges a word that is a token is that token") {
    const std::vector<test::MadeToken> tokens = {{"xyz"}};
    CHECK(test::make_tokenizer(test::made_metadata("gpt2", tokens, {}, "llama-bpe"))->encode("xyz") == Ids{256});
    CHECK(test::make_tokenizer(test::made_metadata("gpt2", tokens, {}, "dbrx"))->encode("xyz") == Ids{'x', 'y', 'z'});
}

TEST_CASE("bpe: merges that name no tokens are ignored") {
    const auto tokenizer = test::make_tokenizer(
        test::made_metadata("gpt2", {{"ab"}}, {"q", "", " ", "a b", "zz z", "ab c"}, "gpt-2"));
    CHECK(tokenizer->encode("abc") == Ids{256, 'c'});
}

TEST_CASE("bpe: random bytes come back from their ids") {
    const auto tokenizer = test::make_tokenizer(test::made_metadata("gpt2", {{"ab"}, {"Ġa"}}, {"a b", "Ġ a"}));
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        std::string text(random() % 60, '\0');
        for (char& c : text) c = static_cast<char>(random());
        std::string back;
        for (TokenId id : tokenizer->encode(text)) back += tokenizer->bytes(id);
        CHECK(back == text);
    }
}

TEST_CASE("tokenizers: a megabyte of one character takes linear time") {
    const std::string letters(1'000'000, 'a'), spaces(1'000'000, ' ');
    const std::vector<test::MadeToken> tokens = {{"aa"}, {"aaaa"}, {"aaaaaaaa"}};
    const auto bpe = test::make_tokenizer(test::made_metadata("gpt2", tokens, {"a a", "aa aa", "aaaa aaaa"}));
    CHECK(bpe->encode(letters).size() == 125'000);
    CHECK(bpe->encode(spaces).size() == 1'000'000);
    const auto spm = test::make_tokenizer(test::made_metadata(
        "llama", {{"<unk>", TokenKind::Unknown}, {"a"}, {"aa", TokenKind::Normal, -1}, {"aaaa", TokenKind::Normal, -2}, {"▁"}}));
    CHECK(spm->encode(letters).size() == 250'001);
    const auto wpm = test::make_tokenizer(test::made_metadata("bert", {{"[UNK]", TokenKind::Unknown}, {"▁a"}, {"a"}}));
    CHECK(wpm->encode(letters).size() <= 1); // one word, longer than any: unknown
    CHECK(wpm->encode(spaces).empty());
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/pre_tokenizer.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/base/file.h"

using namespace lectern;

namespace {

PreTokenizer make(std::string_view pre) {
    const PreTokenizerRule* rule = find_pre_tokenizer_rule(pre);
    REQUIRE(rule);
    auto made = PreTokenizer::create(*rule);
    REQUIRE(made);
    return std::move(*made);
}

std::string joined(const std::vector<std::string_view>& pieces) {
    std::string text;
    for (std::string_view piece : pieces) text += piece;
    return text;
}

using Pieces = std::vector<std::string_view>;

} // namespace

TEST_CASE("pre-tokenizer: every rule cuts every text as the reference library does") {
    const auto rows = nlohmann::json::parse(*read_file(LECTERN_TEST_DATA "/tokenizer/pre_tokenizers.json"));
    CHECK(rows.size() == 10);
    for (const auto& row : rows) {
        const auto pre = row["pre"].get<std::string>();
        const PreTokenizer pre_tokenizer = make(pre);
        for (const auto& one : row["texts"]) {
            const auto text = one["text"].get<std::string>();
            CAPTURE(pre);
            CAPTURE(text);
            const auto pieces = pre_tokenizer.split(text);
            CHECK(std::vector<std::string>(pieces.begin(), pieces.end()) == one["pieces"].get<std::vector<std::string>>());
        }
    }
}

TEST_CASE("pre-tokenizer: published names lead to their rule, others to none") {
    for (const char* pre : {"llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano",
                            "dbrx", "smaug-bpe", "deepseek-coder", "qwen2", "deepseek-r1-qwen", "stablelm2", "hunyuan", "megrez",
                            "qwen35", "gpt-2", "mpt", "olmo", "jais", "phi-2", "modern-bert", "refact", "starcoder", "command-r",
                            "smollm", "codeshell", "exaone", "minerva-7b", "mellum2", "falcon", "tekken", "gpt-4o", "llama4", "default"})
        CHECK(find_pre_tokenizer_rule(pre));
    CHECK_FALSE(find_pre_tokenizer_rule("never-heard-of"));
    CHECK_FALSE(find_pre_tokenizer_rule(""));
    CHECK(find_pre_tokenizer_rule("pixtral")->ignore_merges);
    CHECK_FALSE(find_pre_tokenizer_rule("dbrx")->ignore_merges);
}

TEST_CASE("pre-tokenizer: the Mongolian vowel separator is no white space") {
    CHECK(make("gpt-2").split("a\u180e b") == Pieces{"a", "\u180e", " b"});
    CHECK(make("gpt-2").split("a\u2003\u2003b") == Pieces{"a", "\u2003", "\u2003", "b"});
}

TEST_CASE("pre-tokenizer: wrong UTF-8 becomes pieces of its own and nothing is lost") {
    const std::string text = "ab\xff\xfe c\xe2\x82 d\xed\xa0\x80";
    for (const char* pre : {"llama-bpe", "gpt-2", "default", "deepseek-coder", "tekken"})
        CHECK(joined(make(pre).split(text)) == text);
    CHECK(make("gpt-2").split("\xff") == Pieces{"\xff"});
}

TEST_CASE("pre-tokenizer: a megabyte of anything is cut in linear time and nothing is lost") {
    const size_t n = 1'000'000;
    for (const char* pre : {"llama-bpe", "gpt-2", "qwen35", "starcoder", "deepseek-coder", "falcon", "tekken", "gpt-4o", "default"})
        for (const char* unit : {"a", "A", " ", "\n", " \n", "7", "!", "é", "我", "\u0301", "a1", "' "}) {
            CAPTURE(pre);
            CAPTURE(unit);
            std::string text;
            while (text.size() < n) text += unit;
            CHECK(joined(make(pre).split(text)) == text); // quadratic work would run into the test's time limit
        }
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include "tests/engine/tokenizer/made_vocabulary.h"

using namespace lectern;
using Ids = std::vector<TokenId>;

namespace {

std::string refusal(const Metadata& metadata, ErrorKind kind) {
    const auto tokenizer = Tokenizer::from_metadata(metadata);
    REQUIRE_FALSE(tokenizer);
    CHECK(tokenizer.error().kind == kind);
    return tokenizer.error().message;
}

bool says(const std::string& sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

} // namespace

TEST_CASE("vocabulary: what is inconsistent or unknown is refused with a sentence") {
    const Metadata sound = test::made_metadata("gpt2", {{"<|eos|>", TokenKind::Control}});
    REQUIRE(Tokenizer::from_metadata(sound));
    Metadata m = sound;
    m.set("tokenizer.ggml.token_type", std::vector<int64_t>{1, 1});
    CHECK(says(refusal(m, ErrorKind::Damaged), "token_type"));
    m = sound;
    m.set("tokenizer.ggml.token_type", std::vector<int64_t>(257, 7));
    CHECK(says(refusal(m, ErrorKind::Damaged), "of kind 7"));
    m = sound;
    m.set("tokenizer.ggml.tokens", std::vector<std::string>{});
    CHECK(says(refusal(m, ErrorKind::Damaged), "lists no tokens"));
    m = sound;
    m.erase("tokenizer.ggml.merges");
    CHECK(says(refusal(m, ErrorKind::Damaged), "merges"));
    m = sound;
    m.set("tokenizer.ggml.pre", std::string("kangaroo"));
    CHECK(says(refusal(m, ErrorKind::Unsupported), "kangaroo"));
    m = sound;
    m.set("tokenizer.ggml.model", std::string("t5"));
    CHECK(says(refusal(m, ErrorKind::Unsupported), "t5"));
    m.erase("tokenizer.ggml.model");
    CHECK(says(refusal(m, ErrorKind::Damaged), "tokenizer.ggml.model"));
    m = test::made_metadata("llama", {{"a"}});
    m.set("tokenizer.ggml.scores", std::vector<double>{1, 2});
    CHECK(says(refusal(m, ErrorKind::Damaged), "scores"));
}

TEST_CASE("vocabulary: none has as many ids as the model says, and no texts") {
    for (const char* model : {"none", "no_vocab"}) {
        Metadata m;
        m.set("tokenizer.ggml.model", std::string(model));
        m.set("general.architecture", std::string("jamba"));
        CHECK(says(refusal(m, ErrorKind::Damaged), "vocab_size"));
        m.set("jamba.vocab_size", int64_t{320});
        const auto tokenizer = test::make_tokenizer(m);
        CHECK(tokenizer->size() == 320);
        CHECK(tokenizer->encode("x", true).empty());
        CHECK(tokenizer->text(3).empty());
        CHECK(tokenizer->with_special({5}) == Ids{5});
        m.set("jamba.vocab_size", int64_t{-1});
        CHECK(says(refusal(m, ErrorKind::Damaged), "vocab_size"));
    }
}

TEST_CASE("vocabulary: ids outside it are nothing, not a crash") {
    Metadata m = test::made_metadata("gpt2", {{"<|eos|>", TokenKind::Control}});
    m.set("tokenizer.ggml.bos_token_id", int64_t{9999});
    m.set("tokenizer.ggml.eos_token_id", int64_t{-7});
    const auto tokenizer = test::make_tokenizer(m);
    CHECK(tokenizer->bos() == -1);
    CHECK(tokenizer->eos() == -1);
    for (TokenId id : {-1, 257, INT32_MAX, INT32_MIN}) {
        CHECK(tokenizer->text(id).empty());
        CHECK(tokenizer->bytes(id, true).empty());
        CHECK(tokenizer->kind(id) == TokenKind::Unused);
        CHECK_FALSE(tokenizer->ends_generation(id));
    }
}

TEST_CASE("vocabulary: control tokens are silent unless asked for, bytes are bytes, empty texts get a name") {
    const auto tokenizer = test::make_tokenizer(test::made_metadata(
        "llama", {{"<unk>", TokenKind::Unknown}, {"<s>", TokenKind::Control}, {"</s>", TokenKind::Control}, {"<0x0A>", TokenKind::Byte},
                  {"<0x-1>", TokenKind::Byte}, {"▁a▁b"}, {"<tool>", TokenKind::UserDefined}, {""}}));
    CHECK(tokenizer->bytes(1).empty());
    CHECK(tokenizer->bytes(1, true) == "<s>");
    CHECK(tokenizer->bytes(3) == "\n");
    CHECK(tokenizer->bytes(4) == "<0x-1>");
    CHECK(tokenizer->bytes(5) == " a b");
    CHECK(tokenizer->bytes(6) == "<tool>");
    CHECK(tokenizer->text(7) == "[EMPTY_7]");
    CHECK(tokenizer->find("<s>") == 1);
    CHECK(tokenizer->find("nowhere") == -1);
}

TEST_CASE("vocabulary: what ends a generation is what the metadata lists, and known texts that are control tokens") {
    Metadata m = test::made_metadata("gpt2", {{"<|im_end|>", TokenKind::Control}, {"<|endoftext|>"}, {"stop", TokenKind::Control},
                                              {"turn", TokenKind::Control}, {"more", TokenKind::Control}});
    m.set("tokenizer.ggml.eos_token_id", int64_t{258});
    m.set("tokenizer.ggml.eot_token_id", int64_t{259});
    m.set("lectern.end_token_ids", std::vector<int64_t>{260, 99999, -1});
    const auto tokenizer = test::make_tokenizer(m);
    for (TokenId id : {256, 258, 259, 260}) CHECK(tokenizer->ends_generation(id));
    CHECK_FALSE(tokenizer->ends_generation(257)); // an ordinary token that only looks like one
}

TEST_CASE("vocabulary: BOS and EOS are added as the flags say, by default as the kind does") {
    Metadata m = test::made_metadata("gpt2", {{"<s>", TokenKind::Control}, {"</s>", TokenKind::Control}}, {}, "llama-bpe");
    m.set("tokenizer.ggml.bos_token_id", int64_t{256});
    m.set("tokenizer.ggml.eos_token_id", int64_t{257});
    CHECK(test::make_tokenizer(m)->with_special({1}) == Ids{256, 1});
    m.set("tokenizer.ggml.pre", std::string("dbrx"));
    CHECK(test::make_tokenizer(m)->with_special({1}) == Ids{1});
    m.set("tokenizer.ggml.add_bos_token", true);
    m.set("tokenizer.ggml.add_eos_token", true);
    CHECK(test::make_tokenizer(m)->with_special({1}) == Ids{256, 1, 257});
}

TEST_CASE("sentencepiece: the space prefix stands at the start and after control tokens, unless at the start only") {
    const std::vector<test::MadeToken> tokens = {{"<unk>", TokenKind::Unknown}, {"<s>", TokenKind::Control}, {"</s>", TokenKind::Control}, {"▁"}, {"a"}};
    Metadata m = test::made_metadata("llama", tokens);
    CHECK(test::make_tokenizer(m)->encode("a<s>a", true) == Ids{3, 4, 1, 3, 4});
    m.set("lectern.tokenizer.prefix_at_start_only", true);
    CHECK(test::make_tokenizer(m)->encode("a<s>a", true) == Ids{3, 4, 1, 4});
    m.set("tokenizer.ggml.add_space_prefix", false);
    CHECK(test::make_tokenizer(m)->encode("a<s>a", true) == Ids{4, 1, 4});
}

TEST_CASE("sentencepiece: what has no token becomes bytes, else the unknown token") {
    std::vector<test::MadeToken> tokens = {{"<unk>", TokenKind::Unknown}, {"<s>", TokenKind::Control}, {"</s>", TokenKind::Control},
                                           {"<0xC3>", TokenKind::Byte}, {"▁"}};
    const auto tokenizer = test::make_tokenizer(test::made_metadata("llama", tokens));
    CHECK(tokenizer->encode("\u00e9") == Ids{4, 3, 0}); // <0xA9> is missing
}

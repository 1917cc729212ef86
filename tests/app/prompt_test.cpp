// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Prompts for the starter model, from its card and its tokenizer.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/answer/prompt_builder.h"
#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

const std::filesystem::path kResources = std::filesystem::path(LECTERN_SOURCE_DIR) / "resources";

struct Starter {
    std::shared_ptr<const Tokenizer> tokenizer;
    std::string chat_template;
    Starter() {
        const auto file = read_gguf(kResources / "starter" / "starter.gguf");
        REQUIRE_MESSAGE(file, (file ? "" : file.error().message));
        const auto made = Tokenizer::from_metadata(file->metadata);
        REQUIRE(made);
        tokenizer = *made;
        chat_template = std::string(file->metadata.text("tokenizer.chat_template").value_or(""));
    }
    PromptBuilder builder() const {
        auto layout = PromptLayout::load(kResources / "starter" / "starter.gguf", kResources);
        REQUIRE(layout);
        auto builder = PromptBuilder::create(std::move(*layout), chat_template, tokenizer);
        REQUIRE(builder);
        return std::move(*builder);
    }
    std::string text(std::span<const TokenId> ids) const {
        std::string out;
        for (const TokenId id : ids) out += tokenizer->bytes(id, /*special=*/true);
        return out;
    }
};

} // namespace

TEST_CASE("prompt: passages mode is laid out as the starter was trained") {
    const Starter starter;
    const PromptPassage passages[] = {{1, "The pump weighs\n86 kg."}, {2, "It is quiet."}};
    const auto prompt = starter.builder().build(PromptMode::Passages, "How heavy?", passages);
    REQUIRE(prompt);
    CHECK(prompt->head.empty());
    CHECK(starter.text(prompt->tail) == "<|bos|><|user|>Question: How heavy?\n\n[1] The pump weighs 86 kg.\n\n[2] It is quiet.\n\n"
                                        "Question: How heavy?<|assistant|>");
}

TEST_CASE("prompt: in document mode the head ends with the document and does not depend on the question") {
    const Starter starter;
    const PromptPassage passages[] = {{1, "The pump weighs 86 kg."}};
    const auto one = starter.builder().build(PromptMode::Document, "How heavy?", passages);
    const auto other = starter.builder().build(PromptMode::Document, "What is it?", passages);
    REQUIRE(one);
    CHECK(starter.text(one->head) == "<|bos|><|user|>[1] The pump weighs 86 kg.\n\n");
    CHECK(starter.text(one->tail) == "Question: How heavy?<|assistant|>");
    CHECK(one->head == other->head);
}

TEST_CASE("prompt: the text of every control token, in passages and questions, never yields its id") {
    const Starter starter;
    const PromptBuilder builder = starter.builder();
    const PromptPassage plain[] = {{1, "x"}};
    const auto controls_of = [&](const Prompt& prompt) {
        std::vector<TokenId> ids;
        for (const auto* part : {&prompt.head, &prompt.tail})
            for (const TokenId id : *part)
                if (starter.tokenizer->kind(id) == TokenKind::Control) ids.push_back(id);
        return ids;
    };
    int controls = 0;
    for (TokenId id = 0; id < TokenId(starter.tokenizer->size()); ++id) {
        if (starter.tokenizer->kind(id) != TokenKind::Control) continue;
        ++controls;
        const std::string spelled(starter.tokenizer->text(id));
        for (const PromptMode mode : {PromptMode::Passages, PromptMode::Document}) {
            const auto clean = builder.build(mode, "q", plain);
            const PromptPassage hostile[] = {{1, "a " + spelled + spelled + "assistant"}};
            const auto dirty = builder.build(mode, spelled + "q" + spelled, hostile);
            REQUIRE(dirty);
            CHECK(controls_of(*dirty) == controls_of(*clean));
            CHECK((starter.text(dirty->head) + starter.text(dirty->tail)).find(spelled + spelled) != std::string::npos);
        }
    }
    CHECK(controls >= 7);
}

TEST_CASE("prompt: the seam's own character inside a document moves nothing") {
    const Starter starter;
    const PromptPassage passages[] = {{1, "before \xEE\x80\x80 after"}};
    const auto prompt = starter.builder().build(PromptMode::Document, "\xEE\x80\x80", passages);
    REQUIRE(prompt);
    CHECK(starter.text(prompt->head).find("after") != std::string::npos);
}

TEST_CASE("prompt_layout: what a card leaves out comes from the resources, a broken card is a sentence") {
    TemporaryFolder folder;
    const auto bare = PromptLayout::load(folder / "model.gguf", kResources);
    REQUIRE(bare);
    CHECK_FALSE(bare->writes_marks);
    CHECK_FALSE(bare->system.empty());
    REQUIRE(write_file_atomic(folder / "card.json", R"({"prompt":{"passages":3}})"));
    CHECK(PromptLayout::load(folder / "model.gguf", kResources)->passages == 3);
    for (const char* broken : {"", "[]", R"({"prompt":{"passages":"many"}})", R"({"prompt":{"passages":0}})"}) {
        REQUIRE(write_file_atomic(folder / "card.json", broken));
        const auto layout = PromptLayout::load(folder / "model.gguf", kResources);
        REQUIRE_FALSE(layout);
        CHECK(layout.error().message.find("card.json") != std::string::npos);
    }
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Small tokenizers of every kind we import against what the reference library makes of them
// (tests/data/tokenizer/make_tokenizers.py).

#include "engine/tokenizer/tokenizer_json.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "engine/tokenizer/tokenizer.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path kData = fs::path(LECTERN_TEST_DATA) / "tokenizer";

std::shared_ptr<const Tokenizer> import_folder(const fs::path& folder, uint64_t vocab_size = 0) {
    Metadata metadata;
    const auto imported = import_tokenizer(folder, vocab_size, metadata);
    REQUIRE_MESSAGE(imported, (imported ? "" : imported.error().message));
    const auto tokenizer = Tokenizer::from_metadata(metadata);
    REQUIRE_MESSAGE(tokenizer, (tokenizer ? "" : tokenizer.error().message));
    return *tokenizer;
}

void check_cases(const Tokenizer& tokenizer, const fs::path& file) {
    for (const json& one : json::parse(*read_file(file))) {
        const auto text = one["text"].get<std::string>();
        CAPTURE(text);
        const auto ids = tokenizer.encode(text, /*parse_control=*/true);
        CHECK(ids == one["ids"].get<std::vector<TokenId>>());
        CHECK(tokenizer.with_special(ids) == one["with_special"].get<std::vector<TokenId>>());
    }
}

/// The sentence with which a tokenizer.json is refused.
std::string refusal(const json& tokenizer, ErrorKind kind) {
    TemporaryFolder folder;
    REQUIRE(write_file_atomic(folder / "tokenizer.json", tokenizer.dump()));
    Metadata metadata;
    const auto imported = import_tokenizer(folder.path(), 0, metadata);
    REQUIRE_FALSE(imported);
    CHECK(imported.error().kind == kind);
    CHECK(imported.error().message.find("tokenizer.json") != std::string::npos);
    return imported.error().message;
}

json bundled(const char* name) { return json::parse(*read_file(kData / name / "tokenizer.json")); }
bool says(const std::string& sentence, std::string_view words) { return sentence.find(words) != std::string::npos; }

} // namespace

TEST_CASE("tokenizer.json: every kind that is imported gives the reference library's ids") {
    for (const std::string name : {"llama3", "dbrx", "qwen2", "gpt2", "starcoder", "spm-legacy", "spm-first", "bert-uncased", "bert-cased"}) {
        CAPTURE(name);
        check_cases(*import_folder(kData / name), kData / name / "cases.json");
    }
}

TEST_CASE("tokenizer.json: a real one gives the reference library's ids" * doctest::skip(!std::getenv("LECTERN_TOKENIZER_JSON"))) {
    const fs::path folder = std::getenv("LECTERN_TOKENIZER_JSON"); // made with make_tokenizers.py FILE > cases.json
    check_cases(*import_folder(folder), folder / "cases.json");
}

TEST_CASE("tokenizer.json: what is imported and written as GGUF encodes the same") {
    TemporaryFolder folder;
    for (const char* name : {"llama3", "spm-first", "bert-cased", "qwen2"}) {
        ModelFile model;
        model.metadata.set("general.architecture", std::string("llama"));
        REQUIRE(import_tokenizer(kData / name, 700, model.metadata));
        REQUIRE(write_gguf(folder / "v.gguf", model));
        const auto tokenizer = Tokenizer::from_metadata(read_gguf(folder / "v.gguf")->metadata);
        REQUIRE(tokenizer);
        check_cases(**tokenizer, kData / name / "cases.json");
        CHECK((*tokenizer)->size() == 700);
        CHECK((*tokenizer)->text(699) == "[PAD699]");
        CHECK((*tokenizer)->kind(699) == TokenKind::Unused);
    }
}

TEST_CASE("tokenizer.json: the files beside it say which tokens begin and end, and the template") {
    TemporaryFolder folder;
    fs::copy(kData / "llama3" / "tokenizer.json", folder / "tokenizer.json");
    REQUIRE(write_file_atomic(folder / "tokenizer_config.json",
                              R"({"bos_token":"<|bos|>","eos_token":{"content":"<|eos|>"},"chat_template":"old"})"));
    REQUIRE(write_file_atomic(folder / "generation_config.json", R"({"eos_token_id":[401,7]})"));
    Metadata metadata;
    REQUIRE(import_tokenizer(folder.path(), 0, metadata));
    CHECK(metadata.text("tokenizer.chat_template") == "old");
    const auto tokenizer = *Tokenizer::from_metadata(metadata);
    CHECK(tokenizer->text(tokenizer->bos()) == "<|bos|>");
    CHECK(tokenizer->text(tokenizer->eos()) == "<|eos|>");
    CHECK(tokenizer->ends_generation(7));
    CHECK(tokenizer->ends_generation(tokenizer->eos()));
    CHECK_FALSE(tokenizer->ends_generation(8));
    REQUIRE(write_file_atomic(folder / "chat_template.jinja", "new"));
    REQUIRE(import_tokenizer(folder.path(), 0, metadata));
    CHECK(metadata.text("tokenizer.chat_template") == "new");
    REQUIRE(write_file_atomic(folder / "tokenizer_config.json",
                              R"({"chat_template":[{"name":"default","template":"a"},{"name":"rag","template":"b"}]})"));
    fs::remove(folder / "chat_template.jinja");
    REQUIRE(import_tokenizer(folder.path(), 0, metadata));
    CHECK(metadata.text("tokenizer.chat_template") == "a");
    CHECK(metadata.text("tokenizer.chat_template.rag") == "b");
}

TEST_CASE("tokenizer.json: a folder without one has ids but no texts, or a sentence if it has tokenizer.model") {
    TemporaryFolder folder;
    Metadata metadata;
    metadata.set("general.architecture", std::string("mamba"));
    REQUIRE(import_tokenizer(folder.path(), 320, metadata));
    const auto tokenizer = *Tokenizer::from_metadata(metadata);
    CHECK(tokenizer->size() == 320);
    CHECK(tokenizer->encode("text").empty());
    CHECK(tokenizer->bytes(5).empty());
    REQUIRE(write_file_atomic(folder / "tokenizer.model", "x"));
    CHECK(import_tokenizer(folder.path(), 320, metadata).error().kind == ErrorKind::Unsupported);
}

TEST_CASE("tokenizer.json: what is not known is refused by name") {
    json file = bundled("llama3");
    file["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "[a-z]+";
    CHECK(says(refusal(file, ErrorKind::Unsupported), "[a-z]+"));
    file = bundled("llama3");
    file["pre_tokenizer"] = {{"type", "Whitespace"}};
    CHECK(says(refusal(file, ErrorKind::Unsupported), "Whitespace"));
    file = bundled("llama3");
    file["normalizer"] = {{"type", "NFKC"}};
    CHECK(says(refusal(file, ErrorKind::Unsupported), "NFKC"));
    file = bundled("llama3");
    file["model"]["type"] = "Unigram";
    CHECK(says(refusal(file, ErrorKind::Unsupported), "Unigram"));
    file = bundled("gpt2");
    file["pre_tokenizer"]["add_prefix_space"] = true;
    CHECK(says(refusal(file, ErrorKind::Unsupported), "adds a space"));
    file = bundled("llama3");
    file["post_processor"] = {{"type", "Nonsense"}};
    CHECK(says(refusal(file, ErrorKind::Unsupported), "Nonsense"));
}

TEST_CASE("tokenizer.json: what is wrong is refused with a sentence") {
    json file = bundled("llama3");
    file["model"]["vocab"]["x"] = 1u << 25;
    CHECK(says(refusal(file, ErrorKind::Damaged), "no sound id"));
    file = bundled("llama3");
    file["model"]["vocab"]["x"] = -1;
    CHECK(says(refusal(file, ErrorKind::Damaged), "no sound id"));
    file = bundled("llama3");
    file["model"].erase("vocab");
    CHECK(says(refusal(file, ErrorKind::Damaged), "no vocab"));
    file = bundled("llama3");
    file["model"]["merges"] = json::array({json::array({"a", 1})});
    CHECK(says(refusal(file, ErrorKind::Damaged), "not a pair"));
    file = bundled("llama3");
    file["added_tokens"][0].erase("content");
    CHECK(says(refusal(file, ErrorKind::Damaged), "added token"));
    CHECK(says(refusal(json::array(), ErrorKind::Damaged), "no vocab"));
    Metadata metadata;
    CHECK(import_tokenizer(kData / "llama3", 10, metadata).error().kind == ErrorKind::Damaged);
}

TEST_CASE("tokenizer.json: merges may be written as one text") {
    TemporaryFolder folder;
    json file = bundled("llama3");
    for (json& merge : file["model"]["merges"])
        if (merge.is_array()) merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
    REQUIRE(write_file_atomic(folder / "tokenizer.json", file.dump()));
    check_cases(*import_folder(folder.path()), kData / "llama3" / "cases.json");
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Real vocabularies (trimmed; with LECTERN_TOKENIZER_VOCABULARIES=folder whole ones) against the ids that their own
// tokenizers give: NAME.gguf, NAME.gguf.inp, NAME.gguf.out.

#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "engine/tokenizer/tokenizer.h"

using namespace lectern;
namespace fs = std::filesystem;

namespace {

fs::path folder() {
    const char* whole = std::getenv("LECTERN_TOKENIZER_VOCABULARIES");
    return whole ? fs::path(whole) : fs::path(LECTERN_TEST_DATA) / "tokenizer";
}

std::vector<std::string> read_inputs(const fs::path& path) {
    const std::string text = *read_file(path), separator = "\n__ggml_vocab_test__\n";
    std::vector<std::string> inputs;
    for (size_t at = 0;;) {
        const size_t end = text.find(separator, at);
        if (end == text.npos) return inputs; // a separator follows each input
        inputs.push_back(text.substr(at, end - at));
        at = end + separator.size();
    }
}

std::vector<std::vector<TokenId>> read_expected(const fs::path& path) {
    std::vector<std::vector<TokenId>> expected;
    std::istringstream lines(*read_file(path));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream numbers(line);
        expected.emplace_back();
        for (TokenId id; numbers >> id;) expected.back().push_back(id);
    }
    return expected;
}

std::shared_ptr<const Tokenizer> open_vocabulary(const std::string& name) {
    const auto model = read_gguf(folder() / (name + ".gguf"));
    REQUIRE(model);
    const auto tokenizer = Tokenizer::from_metadata(model->metadata);
    REQUIRE(tokenizer);
    return *tokenizer;
}

void check_all(const std::string& name) {
    const auto tokenizer = open_vocabulary(name);
    const auto inputs = read_inputs(folder() / (name + ".gguf.inp"));
    const auto expected = read_expected(folder() / (name + ".gguf.out"));
    CHECK(inputs.size() > 40);
    REQUIRE(expected.size() == inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
        CAPTURE(inputs[i]);
        CHECK(tokenizer->encode(inputs[i]) == expected[i]);
    }
}

} // namespace

TEST_CASE("vocabularies: GPT-2 gives the published ids on every input") { check_all("gpt-2"); }
// Not in the repository: its licence is not ours to pass on. SentencePiece of our own training is in tokenizer_json_test.
TEST_CASE("vocabularies: Llama's SentencePiece gives the published ids on every input" *
          doctest::skip(!std::getenv("LECTERN_TOKENIZER_VOCABULARIES"))) {
    check_all("llama-spm");
}
TEST_CASE("vocabularies: BGE's WordPiece gives the published ids on every input") { check_all("bert-bge"); }

TEST_CASE("vocabularies: decoding gives every input back where no byte was lost in encoding") {
    const auto tokenizer = open_vocabulary("gpt-2");
    for (const std::string& input : read_inputs(folder() / "gpt-2.gguf.inp"))
        CHECK(detokenize(tokenizer, tokenizer->encode(input)) == input);
}

TEST_CASE("vocabularies: BERT puts CLS before and SEP after a text") {
    const auto tokenizer = open_vocabulary("bert-bge");
    const auto ids = tokenizer->with_special(tokenizer->encode("hello"));
    REQUIRE(ids.size() == 3);
    CHECK(tokenizer->text(ids.front()) == "[CLS]");
    CHECK(tokenizer->text(ids.back()) == "[SEP]");
}

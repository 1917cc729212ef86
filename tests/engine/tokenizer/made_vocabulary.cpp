// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "tests/engine/tokenizer/made_vocabulary.h"

#include <doctest/doctest.h>

#include "engine/tokenizer/byte_alphabet.h"

namespace lectern::test {

Metadata made_metadata(const std::string& model, const std::vector<MadeToken>& tokens,
                       const std::vector<std::string>& merges, const std::string& pre) {
    std::vector<std::string> texts;
    std::vector<int64_t> kinds;
    std::vector<double> scores;
    if (model == "gpt2")
        for (int byte = 0; byte < 256; ++byte) {
            texts.emplace_back(letter_of_byte(static_cast<uint8_t>(byte)));
            kinds.push_back(1);
            scores.push_back(0);
        }
    for (const MadeToken& token : tokens) {
        texts.push_back(token.text);
        kinds.push_back(static_cast<int64_t>(token.kind));
        scores.push_back(token.score);
    }
    Metadata metadata;
    metadata.set("tokenizer.ggml.model", model);
    metadata.set("tokenizer.ggml.pre", pre);
    metadata.set("tokenizer.ggml.tokens", texts);
    metadata.set("tokenizer.ggml.token_type", kinds);
    if (model == "llama") metadata.set("tokenizer.ggml.scores", scores);
    if (model == "gpt2") metadata.set("tokenizer.ggml.merges", merges);
    return metadata;
}

std::shared_ptr<const Tokenizer> make_tokenizer(const Metadata& metadata) {
    const auto tokenizer = Tokenizer::from_metadata(metadata);
    REQUIRE_MESSAGE(tokenizer, (tokenizer ? "" : tokenizer.error().message));
    return *tokenizer;
}

} // namespace lectern::test

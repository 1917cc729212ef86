// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include "tests/engine/tokenizer/made_vocabulary.h"

using namespace lectern;
using Ids = std::vector<TokenId>;

namespace {

std::shared_ptr<const Tokenizer> small(bool lowercase) {
    Metadata metadata = test::made_metadata(
        "bert", {{"[UNK]", TokenKind::Unknown}, {"▁un"}, {"able"}, {"a"}, {"▁Un"}, {"▁é"}, {"▁e"}, {"▁我"}, {"▁."}, {"▁"}});
    metadata.set("tokenizer.ggml.unknown_token_id", int64_t{0});
    metadata.set("tokenizer.ggml.normalizer.lowercase", lowercase);
    return test::make_tokenizer(metadata);
}

} // namespace

TEST_CASE("word piece: the longest piece from the left, or the whole word is unknown") {
    const auto tokenizer = small(true);
    CHECK(tokenizer->encode("unable") == Ids{1, 2});
    CHECK(tokenizer->encode("unablea") == Ids{1, 2, 3});
    CHECK(tokenizer->encode("unabley un") == Ids{0, 1});
    CHECK(tokenizer->encode("able") == Ids{0}); // only known inside a word
}

TEST_CASE("word piece: case and accents go together unless the vocabulary keeps them") {
    CHECK(small(true)->encode("UN É") == Ids{1, 6});
    CHECK(small(false)->encode("Un é") == Ids{4, 5});
}

TEST_CASE("word piece: ideographs and punctuation are words, control characters vanish") {
    const auto tokenizer = small(true);
    CHECK(tokenizer->encode("我我.un") == Ids{7, 7, 8, 1});
    CHECK(tokenizer->encode("u\u200dn\ufffd\x01") == Ids{1});
    CHECK(tokenizer->encode("un\u3000un\tun") == Ids{1, 1, 1});
    CHECK(tokenizer->encode("un\xff") == Ids{1});
}

TEST_CASE("word piece: a word of more than 100 characters is unknown") {
    const auto tokenizer = small(true);
    CHECK(tokenizer->encode("un" + std::string(98, 'a')).size() == 99);
    CHECK(tokenizer->encode("un" + std::string(99, 'a')) == Ids{0});
}

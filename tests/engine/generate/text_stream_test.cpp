// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <doctest/doctest.h>

#include "engine/generate/text_stream.h"
#include "tests/engine/tokenizer/made_vocabulary.h"

using namespace lectern;

namespace {

/// A vocabulary of single bytes: id = byte.
std::shared_ptr<const Tokenizer> byte_tokenizer() {
    std::vector<test::MadeToken> tokens = {};
    for (int byte = 0; byte < 256; ++byte) {
        char text[8];
        std::snprintf(text, sizeof text, "<0x%02X>", byte);
        tokens.push_back({text, TokenKind::Byte});
    }
    return test::make_tokenizer(test::made_metadata("llama", tokens));
}

struct Shown {
    std::vector<std::string> pieces;
    std::string text;
    bool stopped = false;
};

Shown show(std::string_view bytes, std::vector<std::string> stops) {
    TextStream stream(byte_tokenizer(), std::move(stops));
    Shown shown;
    for (const char byte : bytes) {
        shown.pieces.push_back(stream.push(TokenId(static_cast<unsigned char>(byte))));
        shown.text += shown.pieces.back();
    }
    shown.text += stream.finish();
    shown.stopped = stream.stopped();
    return shown;
}

} // namespace

TEST_CASE("text_stream: a stop string and what follows it is never shown, not even its beginning") {
    const Shown shown = show("one two STOP three", {"STOP"});
    CHECK(shown.text == "one two ");
    CHECK(shown.stopped);
    CHECK(show("xENx", {"END"}).text == "xENx");
    CHECK(show("aab", {"ab"}).text == "a");
    CHECK(show("yes\nno", {"\n\n"}).text == "yes\nno");
}

TEST_CASE("text_stream: the earliest of several stop strings ends the text") {
    CHECK(show("a. User: b", {"User:", ". "}).text == "a");
    CHECK(show("abc", {"", "c"}).text == "ab");
}

TEST_CASE("text_stream: characters come whole, broken ones are replaced at the end") {
    const Shown shown = show("x\xE2\x82\xAC", {});
    CHECK(shown.pieces == std::vector<std::string>{"x", "", "", "\xE2\x82\xAC"});
    CHECK(show("x\xE2\x82", {}).text == "x\xEF\xBF\xBD");
}

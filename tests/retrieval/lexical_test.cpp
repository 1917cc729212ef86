// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <algorithm>

#include "retrieval/lexical/lexical_query.h"
#include "retrieval/lexical/lexical_search.h"
#include "retrieval/lexical/stop_words.h"
#include "tests/retrieval/made_documents.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

struct Shelf {
    TemporaryFolder folder;
    std::unique_ptr<Library> library = std::move(*Library::open(folder / "lib", Access::Write));

    std::vector<int64_t> search(std::string_view query, std::vector<DocumentId> scope = {}, int k = 10) {
        const auto found = lexical_search(*library->database(), query, scope, k, {});
        REQUIRE_MESSAGE(found, (found ? "" : found.error().message));
        std::vector<int64_t> ids;
        for (const auto& hit : *found) ids.push_back(number(hit.chunk));
        return ids;
    }
    LexicalQuery parse(std::string_view text) {
        auto connection = library->database()->reader();
        return parse_query(*connection, text);
    }
};

} // namespace

TEST_CASE("lexical search: finds stems, folded accents, headings and names, and ranks by BM25") {
    Shelf shelf;
    add_text(*shelf.library, "paper.txt",
             {"The tenant terminates the lease",
              "Les \xC3\xA9l\xC3\xA8ves d\xC3\xA9"
              "jeunent",
              "rain"},
             "Drainage");
    add_text(*shelf.library, "invoice.txt", {"terminated terminated", "nothing here"});
    CHECK(shelf.search("termination of leases").front() == 1);
    CHECK(shelf.search("eleves") == std::vector<int64_t>{2});
    CHECK(shelf.search("\xC3\x89L\xC3\x88VES") == std::vector<int64_t>{2});
    CHECK(shelf.search("drainage").size() == 3);
    CHECK(shelf.search("invoice").size() == 2);
    CHECK(shelf.search("absent").empty());
}

TEST_CASE("lexical search: one of the words is enough, quoted phrases must occur") {
    Shelf shelf;
    add_text(*shelf.library, "a", {"red house by the sea", "house that is red", "sea house red"});
    CHECK(shelf.search("red elephants").size() == 3);
    CHECK(shelf.search("\"red house\"") == std::vector<int64_t>{1});
    CHECK(shelf.search("\xE2\x80\x9Cred house\xE2\x80\x9D sea") == std::vector<int64_t>{1});
    CHECK(shelf.search("\xC2\xAB"
                       "house red\xC2\xBB") == std::vector<int64_t>{3});
    CHECK(shelf.search("\"that is\"") == std::vector<int64_t>{2});
    CHECK(shelf.search("\"red house\" \"that is\"").empty());
    CHECK(shelf.search("\"house\" sea").size() == 3); // the word outside only ranks
    CHECK(shelf.search("\"house\" sea").back() == 2);
}

TEST_CASE("lexical search: a query of stop words alone still finds something, otherwise they are cut") {
    Shelf shelf;
    add_text(*shelf.library, "a", {"to be or not to be", "whale"});
    CHECK(shelf.search("to be or not to be").front() == 1);
    CHECK(shelf.search("who is the whale") == std::vector<int64_t>{2});
    CHECK(is_stop_word("the"));
    CHECK(is_stop_word("est"));
    CHECK(is_stop_word("fur"));
    CHECK_FALSE(is_stop_word("whale"));
}

TEST_CASE("lexical query: of many words the eight rarest are kept") {
    Shelf shelf;
    std::vector<std::string> texts;
    for (int i = 1; i <= 12; ++i) { // word w<i> occurs in i chunks
        std::string text;
        for (int j = i; j <= 12; ++j) text += "w" + std::to_string(j) + "x ";
        texts.push_back(text);
    }
    add_text(*shelf.library, "a", texts);
    auto words = shelf.parse("w12x w11x w10x w9x w8x w7x w6x w5x w4x w3x w2x w1x unheardof w1x").words;
    std::sort(words.begin(), words.end());
    CHECK(words == std::vector<std::string>{"w1x", "w2x", "w3x", "w4x", "w5x", "w6x", "w7x", "w8x"});
}

TEST_CASE("lexical search: a scope keeps others out, also where others rank higher") {
    Shelf shelf;
    for (int i = 0; i < 50; ++i) add_text(*shelf.library, "other" + std::to_string(i), {"copper copper copper"});
    const DocumentId one = add_text(*shelf.library, "one", {"some copper among many other metals of the earth", "tin"});
    const DocumentId two = add_text(*shelf.library, "two", {"a copper coin"});
    CHECK(shelf.search("copper", {one}) == std::vector<int64_t>{51});
    CHECK(shelf.search("copper", {one, two}).size() == 2);
    CHECK(shelf.search("copper", {DocumentId{999}}).empty());
    CHECK(shelf.search("copper", {}, 7).size() == 7);
}

TEST_CASE("lexical search: hostile text is only ever text") {
    Shelf shelf;
    add_text(*shelf.library, "a", {"plain words near here AND there"});
    const std::vector<std::string> hostile = {"",
                                              " ",
                                              "\"",
                                              "\"\"",
                                              "\"\"\"",
                                              "'",
                                              "*",
                                              "a*",
                                              "^plain",
                                              "NEAR(plain words)",
                                              "NEAR",
                                              "AND",
                                              "OR",
                                              "NOT",
                                              "plain NOT words",
                                              "text:plain",
                                              "{text name}: plain",
                                              "-text : plain",
                                              "(plain",
                                              ")",
                                              "plain)",
                                              "+",
                                              "plain + words",
                                              "a\"b\"c\"",
                                              "; DROP TABLE words; --",
                                              "%s%n",
                                              "\\",
                                              std::string("pl\0ain", 6),
                                              std::string("\0", 1),
                                              std::string("\"a\0b\"", 5),
                                              "\xFF\xFE\x80",
                                              "\xE2\x80\x9C",
                                              "\xC3",
                                              "\xF0\x9F\x98\x80",
                                              std::string(1 << 20, 'x'),
                                              std::string(1 << 20, '"'),
                                              std::string(1 << 20, ' '),
                                              std::string(1 << 20, '(')};
    for (const std::string& query : hostile) CHECK(lexical_search(*shelf.library->database(), query, {}, 10, {}));
    std::string many;
    for (int i = 0; i < 100'000; ++i) many += "w" + std::to_string(i) + " ";
    CHECK(shelf.search(many + "plain").empty()); // beyond the part that is read
    CHECK(shelf.search("plain " + many).size() == 1);
    CHECK(shelf.search("plain NOT words").size() == 1);
}

TEST_CASE("lexical search: stops when it is asked to") {
    Shelf shelf;
    add_text(*shelf.library, "a", {"plain"});
    std::stop_source stop;
    stop.request_stop();
    const auto found = lexical_search(*shelf.library->database(), "plain", {}, 10, stop.get_token());
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::Cancelled);
}

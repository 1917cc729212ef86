// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include "retrieval/search/fuse.h"
#include "retrieval/search/searcher.h"
#include "tests/retrieval/made_documents.h"
#include "tests/retrieval/word_embedder.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

struct Shelf {
    TemporaryFolder folder;
    std::unique_ptr<Library> library = std::move(*Library::open(folder / "lib", Access::Write));
    WordEmbedder embedder;
    std::unique_ptr<VectorIndex> index = std::move(*VectorIndex::open(*library, embedder.id(), embedder.dim()));

    SearchResult search(Query query) {
        auto result = Searcher(*library, index.get(), &embedder).search(query, {});
        REQUIRE_MESSAGE(result, (result ? "" : result.error().message));
        return std::move(*result);
    }
    void embed() { embed_all(*library, *index, embedder); }
};

} // namespace

TEST_CASE("fuse: a chunk that both lists find comes once and before those that one finds") {
    const std::vector<std::vector<ScoredChunk>> lists = {{{ChunkId{1}, 9}, {ChunkId{2}, 8}, {ChunkId{3}, 7}},
                                                         {{ChunkId{3}, .9f}, {ChunkId{4}, .8f}}};
    const auto fused = fuse(lists);
    REQUIRE(fused.size() == 4);
    CHECK(fused[0].chunk == ChunkId{3});
    CHECK(fused[0].score == doctest::Approx(1.0 / 63 + 1.0 / 61));
    CHECK(fused[1].chunk == ChunkId{1});
    CHECK(fused[2].chunk == ChunkId{2});
    CHECK(fused[3].chunk == ChunkId{4}); // as good as 2, the lower id first
}

TEST_CASE("near duplicates: case, spaces and punctuation do not tell two texts apart, words do") {
    CHECK(near_duplicate_hash("The  House,\nred.") == near_duplicate_hash("the house red"));
    CHECK(near_duplicate_hash("the house red") != near_duplicate_hash("the house reds"));
    CHECK(near_duplicate_hash("thehouse") != near_duplicate_hash("the house"));
    CHECK(near_duplicate_hash("--- ---") != near_duplicate_hash("***"));
}

TEST_CASE("search: a passage has all that is needed to show and to cite it") {
    Shelf at;
    const DocumentId id =
        add_text(*at.library, "lease.pdf", {"nothing here", "the tenant pays rent monthly"}, "3. Rent");
    at.embed();
    const auto result = at.search({"rent of the tenant", {}, 1, Mode::Hybrid});
    CHECK(result.mode_used == Mode::Hybrid);
    CHECK(result.note.empty());
    REQUIRE(result.passages.size() == 1);
    const Passage& p = result.passages[0];
    CHECK(p.document == id);
    CHECK(p.ordinal == 2);
    CHECK(p.name == "lease.pdf");
    CHECK(p.first_page == 2);
    CHECK(p.page_label == "p2");
    CHECK(p.section == "3. Rent");
    CHECK(p.text == "the tenant pays rent monthly");
    CHECK(*at.library->text(id, p.start, p.end) == p.text);
    REQUIRE_FALSE(p.boxes.empty());
    CHECK(p.boxes[0].page == 2);
    CHECK(p.score == doctest::Approx(2.0 / 61));
}

TEST_CASE("search: words find what meaning misses and the other way round, hybrid finds both") {
    Shelf at;
    add_text(*at.library, "a", {"harbor lights", "an invoice", "weather report"}); // harbor, not harbour
    at.embed();
    CHECK(at.search({"harbour", {}, 5, Mode::Lexical}).passages.empty());
    CHECK(at.search({"harbour", {}, 1, Mode::Vector}).passages[0].text == "harbor lights");
    CHECK(at.search({"harbour", {}, 1, Mode::Hybrid}).passages[0].text == "harbor lights");
}

TEST_CASE("search: without an encoder, without vectors or with another's, hybrid is lexical and says so") {
    Shelf at;
    add_text(*at.library, "a", {"harbor lights"});
    WordEmbedder other("words/9");
    const auto falls_back = [&](VectorIndex* index, Embedder* embedder) {
        const Searcher searcher(*at.library, index, embedder);
        const auto result = searcher.search({"lights", {}, 5, Mode::Hybrid}, {});
        REQUIRE(result);
        CHECK(result->mode_used == Mode::Lexical);
        CHECK_FALSE(result->note.empty());
        CHECK(result->passages.size() == 1);
        const auto vector = searcher.search({"lights", {}, 5, Mode::Vector}, {});
        REQUIRE_FALSE(vector);
    };
    falls_back(nullptr, nullptr);
    falls_back(nullptr, &at.embedder);
    falls_back(at.index.get(), &at.embedder); // nothing embedded yet
    at.embed();
    falls_back(at.index.get(), &other);
    at.embedder.fails = true;
    falls_back(at.index.get(), &at.embedder);
}

TEST_CASE("search: a quoted phrase must occur, whatever is near in meaning") {
    Shelf at;
    add_text(*at.library, "a", {"red house by the sea", "house red"});
    at.embed();
    const auto result = at.search({"\"red house\"", {}, 5, Mode::Hybrid});
    CHECK(result.passages.size() == 1);
    CHECK(result.mode_used == Mode::Lexical);
    CHECK_FALSE(result.note.empty());
    CHECK(at.search({"red \"", {}, 5, Mode::Hybrid}).mode_used == Mode::Hybrid);
}

TEST_CASE("search: the same words are shown once, also from two documents") {
    Shelf at;
    add_text(*at.library, "a", {"Copper is a metal.", "copper  is a METAL", "copper coins"});
    add_text(*at.library, "copy of a", {"copper is a metal"});
    at.embed();
    for (const Mode mode : {Mode::Lexical, Mode::Vector, Mode::Hybrid})
        CHECK(at.search({"copper metal", {}, 10, mode}).passages.size() == 2);
}

TEST_CASE("search: a section gives at most six while others have some, and all when it is alone") {
    Shelf at;
    std::vector<std::string> crowd;
    for (int i = 0; i < 12; ++i) crowd.push_back("copper copper copper number" + std::to_string(i));
    const DocumentId crowded = add_text(*at.library, "crowd", crowd);
    add_text(*at.library, "others",
             {"some copper in a long text about many other metals", "a long text with copper and other words in it"});
    const auto result = at.search({"copper", {}, 8, Mode::Lexical});
    REQUIRE(result.passages.size() == 8);
    for (size_t i = 0; i < 8; ++i) CHECK((result.passages[i].document == crowded) == (i < 6));
    CHECK(at.search({"copper", {{crowded}}, 8, Mode::Lexical}).passages.size() == 8);
    CHECK(at.search({"copper", {}, 14, Mode::Lexical}).passages.size() == 14);
}

TEST_CASE("search: an arriving document is found, a removed one is not, a scope is kept in every mode") {
    Shelf at;
    const DocumentId one = add_text(*at.library, "one", {"copper coin"});
    const auto made = made_document({"copper wire"});
    const auto arriving = at.library->begin_document(draft_of("two"));
    REQUIRE(at.library->append(*arriving, made.pages, made.sections, made.chunks));
    at.embed();
    for (const Mode mode : {Mode::Lexical, Mode::Vector, Mode::Hybrid}) {
        CHECK(at.search({"copper", {}, 10, mode}).passages.size() == 2);
        const auto scoped = at.search({"copper", {{*arriving}}, 10, mode});
        REQUIRE(scoped.passages.size() == 1);
        CHECK(scoped.passages[0].document == *arriving);
    }
    REQUIRE(at.library->remove(std::vector{one}));
    for (const Mode mode : {Mode::Lexical, Mode::Vector, Mode::Hybrid})
        CHECK(at.search({"copper", {}, 10, mode}).passages.size() == 1);
}

TEST_CASE("search: nothing asked or nothing wanted is an empty list; a stop is Cancelled") {
    Shelf at;
    add_text(*at.library, "a", {"copper coin"});
    CHECK(at.search({"", {}, 10, Mode::Lexical}).passages.empty());
    CHECK(at.search({"copper", {}, 0, Mode::Hybrid}).passages.empty());
    CHECK(at.search({"copper", {}, -3, Mode::Hybrid}).passages.empty());
    CHECK(at.search({"copper", {}, INT32_MAX, Mode::Lexical}).passages.size() == 1);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped =
        Searcher(*at.library, nullptr, nullptr).search({"copper", {}, 10, Mode::Lexical}, stop.get_token());
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::Cancelled);
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "engine/base/file.h"
#include "retrieval/dense/vector_index.h"
#include "retrieval/store/float16.h"
#include "tests/retrieval/made_documents.h"
#include "tests/retrieval/word_embedder.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

std::vector<float> vector_of(WordEmbedder& embedder, std::string_view text) {
    std::vector<float> vector(static_cast<size_t>(embedder.dim()));
    REQUIRE(embedder.embed(std::span(&text, 1), vector, {}));
    return vector;
}

struct Shelf {
    TemporaryFolder folder;
    std::unique_ptr<Library> library = std::move(*Library::open(folder / "lib", Access::Write));
    WordEmbedder embedder;

    std::unique_ptr<VectorIndex> open(const std::string& encoder = "words/1", int dim = 32) {
        auto index = VectorIndex::open(*library, encoder, dim);
        REQUIRE(index);
        return std::move(*index);
    }
    std::vector<int64_t> search(const VectorIndex& index, std::string_view text, int k = 10,
                                std::vector<DocumentId> scope = {}) {
        const auto found = index.search(vector_of(embedder, text), k, scope);
        REQUIRE(found);
        std::vector<int64_t> ids;
        for (const auto& hit : *found) ids.push_back(number(hit.chunk));
        return ids;
    }
    std::filesystem::path cache() {
        for (const auto& entry : std::filesystem::directory_iterator(folder / "lib"))
            if (entry.path().filename().string().starts_with("vectors-")) return entry.path();
        return {};
    }
};

} // namespace

TEST_CASE("float16: every half comes back, and a float within its rounding") {
    for (uint32_t i = 0; i < 65536; ++i) {
        const auto half = static_cast<uint16_t>(i);
        if ((half & 0x7C00) == 0x7C00) continue; // infinities and NaN are no vectors
        float value = 0;
        uint16_t back = 0;
        from_float16(std::span(&half, 1), std::span(&value, 1));
        to_float16(std::span(&value, 1), std::span(&back, 1));
        if (back != half) CHECK(back == half);
    }
    const float x = 0.123456f;
    uint16_t half = 0;
    float back = 0;
    to_float16(std::span(&x, 1), std::span(&half, 1));
    from_float16(std::span(&half, 1), std::span(&back, 1));
    CHECK(std::abs(back - x) <= x / 2048);
}

TEST_CASE("vector index: finds the nearest, exactly as plain arithmetic does") {
    Shelf at;
    std::mt19937 random(3);
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i) {
        std::string text;
        for (int w = 0; w < 6; ++w) text += std::string(3, static_cast<char>('a' + random() % 26)) + " ";
        texts.push_back(text);
    }
    add_text(*at.library, "a", texts);
    auto index = at.open();
    CHECK(index->size() == 0);
    CHECK(at.search(*index, "aaa").empty());
    embed_all(*at.library, *index, at.embedder, 32);
    CHECK(index->size() == 300);
    const auto query = vector_of(at.embedder, "aaa bbb zzz");
    std::vector<std::pair<float, int64_t>> plain;
    for (size_t i = 0; i < texts.size(); ++i) {
        const auto v = vector_of(at.embedder, texts[i]);
        float dot = 0;
        for (size_t j = 0; j < v.size(); ++j) dot += v[j] * query[j];
        plain.emplace_back(-dot, static_cast<int64_t>(i) + 1);
    }
    std::sort(plain.begin(), plain.end());
    const auto found = index->search(query, 10, {});
    REQUIRE(found->size() == 10);
    for (size_t i = 0; i < 10; ++i) {
        CHECK((*found)[i].score == doctest::Approx(-plain[i].first).epsilon(1e-4));
        if (i == 0) CHECK(number((*found)[0].chunk) == plain[0].second);
    }
}

TEST_CASE("vector index: a scope keeps others out, also where others are nearer") {
    Shelf at;
    add_text(*at.library, "near", {"harbour light", "harbour wall", "harbour boat"});
    const DocumentId far_one = add_text(*at.library, "far", {"mountain hut", "mountain path"});
    auto index = at.open();
    embed_all(*at.library, *index, at.embedder);
    CHECK(at.search(*index, "harbour", 2, {far_one}) ==
          std::vector<int64_t>(at.search(*index, "harbour", 5, {far_one})));
    for (const int64_t id : at.search(*index, "harbour", 2, {far_one})) CHECK(id > 3);
    CHECK(at.search(*index, "harbour", 10, {DocumentId{99}}).empty());
    CHECK(at.search(*index, "harbour", 0).empty());
}

TEST_CASE("vector index: a good cache is used, and says the same as the index made anew") {
    Shelf at;
    add_text(*at.library, "a", {"harbour light", "mountain hut", "old town"});
    std::vector<int64_t> before;
    {
        auto index = at.open();
        embed_all(*at.library, *index, at.embedder);
        before = at.search(*index, "town harbour");
        REQUIRE(index->save());
        REQUIRE(index->save()); // nothing to do
    }
    auto index = at.open();
    CHECK(index->was_cached());
    CHECK(at.search(*index, "town harbour") == before);
    REQUIRE(at.library->rebuild(Rebuild::Vectors));
    CHECK(at.cache().empty());
    index = at.open();
    CHECK_FALSE(index->was_cached());
    CHECK(at.search(*index, "town harbour") == before);
}

TEST_CASE("vector index: a cache cut at any byte or changed in any is made anew") {
    Shelf at;
    add_text(*at.library, "a", {"harbour light", "mountain hut"});
    WordEmbedder small("words/1", 4);
    {
        auto index = at.open("words/1", 4);
        embed_all(*at.library, *index, small);
        REQUIRE(index->save());
    }
    const auto path = at.cache();
    const std::string good = *read_file(path);
    const auto check = [&](const std::string& bytes, bool cached) {
        REQUIRE(write_file_atomic(path, bytes));
        auto index = VectorIndex::open(*at.library, "words/1", 4);
        REQUIRE(index);
        CHECK((*index)->size() == 2);
        CHECK((*index)->was_cached() == cached);
    };
    check(good, true);
    for (size_t size = 0; size < good.size(); ++size) check(good.substr(0, size), false);
    for (size_t i = 0; i < good.size(); ++i) {
        std::string changed = good;
        changed[i] = static_cast<char>(changed[i] ^ 0x10);
        check(changed, false);
    }
    check(good + "x", false);
}

TEST_CASE("vector index: an old cache is not believed, and saving replaces it") {
    Shelf at;
    add_text(*at.library, "a", {"harbour light"});
    auto index = at.open();
    embed_all(*at.library, *index, at.embedder);
    REQUIRE(index->save());
    const auto old_cache = at.cache();
    const std::string old_bytes = *read_file(old_cache);
    add_text(*at.library, "b", {"mountain hut"});
    embed_all(*at.library, *index, at.embedder);
    REQUIRE(index->save());
    CHECK_FALSE(std::filesystem::exists(old_cache));
    const auto current = at.cache();
    REQUIRE(write_file_atomic(current, old_bytes)); // an older one under the newer name
    index = at.open();
    CHECK_FALSE(index->was_cached());
    CHECK(index->size() == 2);
}

TEST_CASE("vector index: removed documents leave it, and its cache when that is saved") {
    Shelf at;
    const DocumentId gone = add_text(*at.library, "gone", {"harbour light", "harbour wall"});
    add_text(*at.library, "stays", {"mountain hut"});
    auto index = at.open();
    embed_all(*at.library, *index, at.embedder);
    REQUIRE(at.library->remove(std::vector{gone}));
    REQUIRE(index->refresh());
    CHECK(index->size() == 1);
    CHECK(at.search(*index, "harbour") == std::vector<int64_t>{3});
    REQUIRE(index->save());
    CHECK(at.open()->size() == 1);
    const auto problems = at.library->verify();
    CHECK(problems->empty());
    // A vector for a chunk that went while it was being embedded is not stored.
    REQUIRE(index->store(std::vector{ChunkId{1}}, vector_of(at.embedder, "harbour")));
    CHECK(index->size() == 1);
    CHECK(at.open()->size() == 1);
}

TEST_CASE("vector index: two encoders, or two sizes of one, never mix") {
    Shelf at;
    add_text(*at.library, "a", {"harbour light", "mountain hut"});
    auto index = at.open();
    embed_all(*at.library, *index, at.embedder);
    CHECK(*at.library->count_to_embed("words/1", 32) == 0);
    CHECK(*at.library->count_to_embed("words/2", 32) == 2);
    CHECK(*at.library->count_to_embed("words/1", 16) == 2);
    CHECK(at.open("words/2", 32)->size() == 0);
    CHECK(at.open("words/1", 16)->size() == 0);
    WordEmbedder second("words/2", 16);
    auto other = at.open("words/2", 16);
    embed_all(*at.library, *other, second);
    CHECK(other->size() == 2);
    CHECK(at.open()->size() == 2); // the old one is still whole
    REQUIRE(at.library->drop_other_vectors("words/2", 16));
    CHECK(at.open()->size() == 0);
    CHECK(at.open("words/2", 16)->size() == 2);
}

TEST_CASE("vector index: searches go on while vectors come in") {
    Shelf at;
    std::vector<std::string> texts;
    for (int i = 0; i < 200; ++i) texts.push_back("text number " + std::to_string(i));
    add_text(*at.library, "a", texts);
    auto index = at.open();
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> readers;
    const auto query = vector_of(at.embedder, "text number");
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            while (!done) {
                const auto found = index->search(query, 5, {});
                if (!found || found->size() > 5 || !index->refresh()) ++wrong;
            }
        });
    embed_all(*at.library, *index, at.embedder, 8);
    done = true;
    readers.clear();
    CHECK(wrong == 0);
    CHECK(index->size() == 200);
}

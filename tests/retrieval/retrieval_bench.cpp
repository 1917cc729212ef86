// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Search measured by hand:
//   retrieval_bench chunks N         times on a made-up library of N chunks, 384-dimensional vectors
//   retrieval_bench squad FILE       recall of lexical search; FILE holds JSON lines with doc_id, title, context,
//   question
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "retrieval/dense/vector_index.h"
#include "retrieval/search/searcher.h"
#include "tests/retrieval/made_documents.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void print_times(const char* what, int count, const std::function<void(int)>& body) {
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        body(i);
        times.push_back(ms_since(start));
    }
    std::sort(times.begin(), times.end());
    fmt::print("{:<32} p50 {:8.2f} ms   p99 {:8.2f} ms\n", what, times[times.size() / 2],
               times[times.size() * 99 / 100]);
}

/// Words of a Zipf-like distribution, as text has.
class Words {
public:
    std::string next() {
        std::uniform_real_distribution<double> uniform(0, 1);
        const double rank = std::pow(60'000.0, uniform(random_)); // density ~ 1/rank
        return fmt::format("w{}", static_cast<int>(rank));
    }
    std::string text(int words) {
        std::string text;
        for (int i = 0; i < words; ++i) text += next() + " ";
        return text;
    }

private:
    std::mt19937 random_{11};
};

std::vector<float> random_unit(std::mt19937& random, int dim) {
    std::normal_distribution<float> normal;
    std::vector<float> v(static_cast<size_t>(dim));
    float length = 0;
    for (float& x : v) x = normal(random), length += x * x;
    for (float& x : v) x /= std::sqrt(length);
    return v;
}

/// Gives random vectors: speed does not depend on what they mean.
class RandomEmbedder : public Embedder {
public:
    int dim() const override { return 384; }
    std::string id() const override { return "random"; }
    Result<void> embed(std::span<const std::string_view>, std::span<float> out, std::stop_token) override {
        std::mt19937 random(5);
        const auto v = random_unit(random, dim());
        std::copy(v.begin(), v.end(), out.begin());
        return {};
    }
};

int measure_chunks(int count) {
    constexpr int kChunksADocument = 1000;
    TemporaryFolder folder;
    auto library = std::move(*Library::open(folder / "lib", Access::Write));
    Words words;
    auto start = Clock::now();
    for (int d = 0; d < count / kChunksADocument; ++d) {
        std::vector<std::string> texts;
        for (int i = 0; i < kChunksADocument; ++i) texts.push_back(words.text(130));
        const auto made = made_document(texts);
        add_document(*library, draft_of("d" + std::to_string(d)), made);
    }
    fmt::print("added {} chunks in {:.1f} s, library.sqlite {:.0f} MB\n", count, ms_since(start) / 1000,
               static_cast<double>(std::filesystem::file_size(folder / "lib" / "library.sqlite")) / 1e6);

    RandomEmbedder embedder;
    auto index = std::move(*VectorIndex::open(*library, embedder.id(), embedder.dim()));
    std::mt19937 random(3);
    start = Clock::now();
    for (ChunkId after{};;) {
        const auto chunks = library->chunks_to_embed(embedder.id(), embedder.dim(), after, 256);
        if (!chunks || chunks->empty()) break;
        std::vector<ChunkId> ids;
        std::vector<float> vectors;
        for (const auto& c : *chunks) {
            ids.push_back(c.id);
            const auto v = random_unit(random, embedder.dim());
            vectors.insert(vectors.end(), v.begin(), v.end());
        }
        ENSURE(index->store(ids, vectors), "store");
        after = ids.back();
    }
    fmt::print("stored {} vectors in {:.1f} s\n", index->size(), ms_since(start) / 1000);
    print_times("vector cache written", 1, [&](int) { ENSURE(index->save(), "save"); });
    print_times("vector cache read", 3,
                [&](int) { index = std::move(*VectorIndex::open(*library, embedder.id(), embedder.dim())); });
    std::filesystem::remove_all(folder / "lib" /
                                fmt::format("vectors-{}", *library->vectors_generation(embedder.id(), embedder.dim())));
    print_times("vector index made from SQLite", 1,
                [&](int) { index = std::move(*VectorIndex::open(*library, embedder.id(), embedder.dim())); });

    const Searcher searcher(*library, index.get(), &embedder);
    for (const Mode mode : {Mode::Lexical, Mode::Vector, Mode::Hybrid})
        print_times(fmt::format("search, {}, 10 words", to_string(mode)).c_str(), 200, [&](int) {
            std::string text;
            while (std::count(text.begin(), text.end(), ' ') < 10)
                if (const auto word = words.next(); word.size() > 3) text += word + " ";
            const auto found = searcher.search({text, {}, 10, mode}, {});
            ENSURE(found && found->mode_used == mode, "search");
        });
    print_times("search, lexical, one document", 200, [&](int i) {
        ENSURE(searcher.search(
                   {words.text(10), {{static_cast<DocumentId>(1 + i % (count / kChunksADocument))}}, 10, Mode::Lexical},
                   {}),
               "search");
    });
    print_times("search, vector, one document", 200, [&](int i) {
        ENSURE(searcher.search(
                   {words.text(10), {{static_cast<DocumentId>(1 + i % (count / kChunksADocument))}}, 10, Mode::Vector},
                   {}),
               "search");
    });
    print_times("verify", 1, [&](int) { ENSURE(library->verify()->empty(), "verify"); });
    print_times("remove one document", 1, [&](int) { ENSURE(library->remove(std::vector{DocumentId{1}}), "remove"); });
    print_times("rebuild words", 1, [&](int) { ENSURE(library->rebuild(Rebuild::Words), "rebuild"); });
    return 0;
}

int measure_squad(const char* file) {
    TemporaryFolder folder;
    auto library = std::move(*Library::open(folder / "lib", Access::Write));
    std::map<std::string, std::vector<std::string>> articles;    // by title, paragraphs as they come
    std::map<std::string, std::pair<std::string, size_t>> place; // doc_id: title and page
    std::vector<std::pair<std::string, std::string>> questions;  // question, doc_id
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
        const auto record = nlohmann::json::parse(line);
        const std::string id = record["doc_id"], title = record["title"];
        if (!place.contains(id)) {
            articles[title].push_back(record["context"]);
            place[id] = {title, articles[title].size()};
        }
        questions.emplace_back(record["question"], id);
    }
    std::map<std::string, DocumentId> documents;
    for (const auto& [title, paragraphs] : articles) documents[title] = add_text(*library, title, paragraphs, "");
    const Searcher searcher(*library, nullptr, nullptr);
    int at_1 = 0, at_5 = 0, at_10 = 0;
    double reciprocal = 0;
    for (const auto& [question, id] : questions) {
        const auto found = searcher.search({question, {}, 10, Mode::Lexical}, {});
        ENSURE(found, "search");
        for (size_t i = 0; i < found->passages.size(); ++i) {
            const Passage& p = found->passages[i];
            if (p.document != documents[place[id].first] || p.first_page != static_cast<int>(place[id].second))
                continue;
            at_1 += i < 1;
            at_5 += i < 5;
            at_10 += i < 10;
            reciprocal += 1.0 / static_cast<double>(i + 1);
        }
    }
    const auto n = static_cast<double>(questions.size());
    fmt::print("{} paragraphs, {} questions: R@1 {:.3f}  R@5 {:.3f}  R@10 {:.3f}  MRR@10 {:.3f}\n", place.size(),
               questions.size(), at_1 / n, at_5 / n, at_10 / n, reciprocal / n);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "squad") == 0) return measure_squad(argv[2]);
    if (argc == 3 && std::strcmp(argv[1], "chunks") == 0) return measure_chunks(std::max(1000, std::atoi(argv[2])));
    fmt::print(stderr, "usage: retrieval_bench chunks N | squad FILE.jsonl\n");
    return 2;
}

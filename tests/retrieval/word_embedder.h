// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// An encoder for tests: every word, by its first three letters, points somewhere fixed; a text points to their sum. So
/// "harbour" and "harbor" are near each other although no word index knows it.
#pragma once

#include <cmath>
#include <random>
#include <sstream>

#include "engine/base/hash.h"
#include "retrieval/dense/vector_index.h"
#include "retrieval/search/embedder.h"

namespace lectern {

class WordEmbedder : public Embedder {
public:
    explicit WordEmbedder(std::string id = "words/1", int dim = 32) : id_(std::move(id)), dim_(dim) {}
    int dim() const override { return dim_; }
    std::string id() const override { return id_; }
    Result<void> embed(std::span<const std::string_view> texts, std::span<float> out, std::stop_token stop) override {
        if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "Cancelled."};
        if (fails) return Error{ErrorKind::Device, "The encoder failed."};
        for (size_t i = 0; i < texts.size(); ++i)
            embed_one(texts[i], out.subspan(i * static_cast<size_t>(dim_), static_cast<size_t>(dim_)));
        return {};
    }
    bool fails = false;

private:
    static void embed_one(std::string_view text, std::span<float> out) {
        std::fill(out.begin(), out.end(), 0.0f);
        std::istringstream words{std::string(text)};
        for (std::string word; words >> word;) {
            std::mt19937_64 random(hash128(word.substr(0, 3)).low);
            std::normal_distribution<float> normal;
            for (float& x : out) x += normal(random);
        }
        float length = 1e-9f;
        for (const float x : out) length += x * x;
        for (float& x : out) x /= std::sqrt(length);
    }
    std::string id_;
    int dim_;
};

/// Embeds what is not embedded yet, as app does.
inline void embed_all(Library& library, VectorIndex& index, Embedder& embedder, int batch = 3) {
    for (ChunkId after{};;) {
        const auto chunks = library.chunks_to_embed(embedder.id(), embedder.dim(), after, batch);
        ENSURE(chunks, "chunks_to_embed");
        if (chunks->empty()) return;
        std::vector<std::string_view> texts;
        std::vector<ChunkId> ids;
        for (const ChunkToEmbed& c : *chunks) texts.push_back(c.text), ids.push_back(c.id);
        std::vector<float> vectors(texts.size() * static_cast<size_t>(embedder.dim()));
        ENSURE(embedder.embed(texts, vectors, {}), "embed");
        ENSURE(index.store(ids, vectors), "store");
        after = ids.back();
    }
}

} // namespace lectern

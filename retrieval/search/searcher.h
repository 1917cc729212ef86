// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Search: what a user asks, in words and by meaning, as a ranked list of passages with their places.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "ingest/document/document.h"
#include "retrieval/dense/vector_index.h"
#include "retrieval/search/embedder.h"
#include "retrieval/store/library.h"

namespace lectern {

enum class Mode { Hybrid, Lexical, Vector };
std::string_view to_string(Mode mode); ///< "hybrid", "lexical", "vector"

/// Where to look; empty: everywhere, also in documents that are still arriving.
struct Scope {
    std::vector<DocumentId> documents;
};

struct Query {
    std::string text; ///< words, of which any may occur; "phrases in quotes" must
    Scope scope;
    int k = 10; ///< passages wanted, at most
    Mode mode = Mode::Hybrid;
};

/// A chunk that a search found, with all that is needed to show and to cite it.
struct Passage {
    ChunkId chunk{};
    DocumentId document{};
    int revision = 1;
    int ordinal = 0;  ///< of the chunk within its document
    std::string name; ///< of the document
    int first_page = 0, last_page = 0;
    std::string page_label; ///< of first_page
    std::string section;    ///< the path of headings
    float score = 0;        ///< lexical: BM25; vector: cosine; hybrid: sum of 1 / (60 + rank)
    std::string text;
    std::vector<PageBox> boxes;
    uint64_t start = 0, end = 0; ///< bytes of the document's canonical text
};

struct SearchResult {
    std::vector<Passage> passages; ///< best first
    Mode mode_used = Mode::Hybrid;
    std::string note; ///< why that is another mode than asked for; else empty
};

/// Thread safe. Refers to what it is given, which must outlive it.
class Searcher {
public:
    /// `vectors` and `embedder` may be null: then hybrid is lexical.
    Searcher(const Library& library, VectorIndex* vectors, Embedder* embedder)
        : library_(library), vectors_(vectors), embedder_(embedder) {}

    /// Two passages never have the same words, and a section gives at most 6 while others have some to give.
    /// Errors: Unsupported (vector mode without vectors), Cancelled, Damaged, and what the embedder says in vector
    /// mode.
    Result<SearchResult> search(const Query& query, std::stop_token stop) const;

private:
    Result<std::vector<ScoredChunk>> nearest(const Query& query, int depth, std::stop_token stop) const;
    std::string why_no_vectors() const;

    const Library& library_;
    VectorIndex* vectors_;
    Embedder* embedder_;
};

} // namespace lectern

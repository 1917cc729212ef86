// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Search among the vectors of one encoder by inner product: exact, in memory, made from the library at any time.
///
/// Vectors are L2-normalised, so the inner product is the cosine. Memory: 4 · dim + 16 bytes a chunk. A cache file
/// beside the database (STORE_FORMAT.md, "Vector cache") saves the making at the next start; it is checked before it is
/// believed, and missing, damaged or old it is made anew from the library.
///
/// Thread safe: many searches at once; store(), refresh() and save() come one at a time and make searches wait only
/// for the moment in which they publish. FAISS runs on the caller's thread alone.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "retrieval/search/scored_chunk.h"
#include "retrieval/store/library.h"

namespace lectern {

class VectorIndex {
public:
    /// The index of an encoder's vectors in the library, which must outlive it. Empty where there are none yet.
    /// Errors: Damaged (the library), OutOfMemory, Cancelled.
    static Result<std::unique_ptr<VectorIndex>> open(Library& library, const std::string& encoder, int dim,
                                                     std::stop_token stop = {});
    ~VectorIndex();
    VectorIndex(const VectorIndex&) = delete;
    VectorIndex& operator=(const VectorIndex&) = delete;

    const std::string& encoder() const { return encoder_; }
    int dim() const { return dim_; }
    size_t size() const;
    bool was_cached() const { return was_cached_; } ///< open() found a good cache

    /// Stores new vectors [chunks, dim] in the library and takes them in: searchable when it returns.
    Result<void> store(std::span<const ChunkId> chunks, std::span<const float> vectors);
    /// Brings the index to the library's state, if that has changed (a removal, another writer). Cheap when it has not.
    Result<void> refresh(std::stop_token stop = {});
    /// Writes the cache where the library is open for writing and the cache is behind. Errors: DiskFull, NoPermission.
    Result<void> save();

    /// The `k` nearest chunks to `query` [dim], best first; score is the cosine. `scope` empty: all documents.
    /// About 25 ms for 100k vectors of dim 384 on one core; looks at `stop` every 32k. Errors: Cancelled, OutOfMemory.
    Result<std::vector<ScoredChunk>> search(std::span<const float> query, int k, std::span<const DocumentId> scope,
                                            std::stop_token stop = {}) const;

private:
    VectorIndex(Library& library, std::string encoder, int dim);
    struct State;

    Library& library_;
    std::string encoder_;
    int dim_;
    bool was_cached_ = false;
    std::unique_ptr<State> state_;
};

} // namespace lectern

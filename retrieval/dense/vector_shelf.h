// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Inside dense: vectors in FAISS with the chunks and documents that they belong to, and the cache file of them.
/// The only header that shows FAISS types.
#pragma once

#include <faiss/IndexFlat.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <new>
#include <span>
#include <stop_token>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "engine/base/error.h"
#include "retrieval/search/scored_chunk.h"
#include "retrieval/store/ids.h"

namespace lectern {

/// Runs `body`, which calls FAISS, and turns its exceptions into an error.
template <class Body> auto faiss_guarded(Body&& body) -> Result<std::invoke_result_t<Body>> {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
            body();
            return {};
        } else {
            return body();
        }
    } catch (const std::bad_alloc&) {
        return Error{ErrorKind::OutOfMemory, "The vector index needs more memory than there is; close other programs."};
    } catch (const std::exception& failure) {
        return Error{ErrorKind::Internal, std::string("The vector index failed: ") + failure.what()};
    }
}

/// Row i of `vectors` belongs to chunks[i] of documents[i].
struct VectorShelf {
    explicit VectorShelf(int dim) : vectors(dim) {}

    faiss::IndexFlatIP vectors;
    std::vector<ChunkId> chunks;
    std::vector<DocumentId> documents;
    std::unordered_map<ChunkId, size_t> row_of;
    int64_t generation = 0;

    size_t size() const { return chunks.size(); }
    /// Adds a row, or overwrites that of the same chunk.
    void put(ChunkId chunk, DocumentId document, std::span<const float> vector);
    std::vector<ScoredChunk> search(std::span<const float> query, int k, std::span<const DocumentId> scope,
                                    const std::stop_token& stop) const;
};

/// Replaces all `vectors-*` files of the folder by one of this shelf.
Result<void> write_vector_cache(const std::filesystem::path& folder, const std::string& encoder,
                                const VectorShelf& shelf);

/// Errors: NotFound (no cache of this generation), Damaged (with what is wrong), Unsupported (of another encoder).
Result<std::unique_ptr<VectorShelf>> read_vector_cache(const std::filesystem::path& folder, const std::string& encoder,
                                                       int dim, int64_t generation);

} // namespace lectern

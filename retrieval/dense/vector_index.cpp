// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/dense/vector_index.h"

#include <mutex>
#include <shared_mutex>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "retrieval/dense/vector_shelf.h"

namespace lectern {

struct VectorIndex::State {
    std::mutex change_mutex;         // held by store, refresh and save, one at a time
    mutable std::shared_mutex mutex; // guards shelf
    std::unique_ptr<VectorShelf> shelf;
    int64_t saved_generation = -1; // of the cache file; guarded by change_mutex
};

namespace {

Result<std::unique_ptr<VectorShelf>> shelf_from_library(const Library& library, const std::string& encoder, int dim,
                                                        const std::stop_token& stop) {
    auto made = faiss_guarded([&] { return std::make_unique<VectorShelf>(dim); });
    if (!made) return made.error();
    VectorShelf& shelf = **made;
    const auto width = static_cast<size_t>(dim);
    const auto generation = library.read_vectors(
        encoder, dim,
        [&](const Library::VectorBatch& batch) -> Result<void> {
            return faiss_guarded([&] {
                for (size_t i = 0; i < batch.chunks.size(); ++i)
                    shelf.put(batch.chunks[i], batch.documents[i], std::span(batch.vectors).subspan(i * width, width));
            });
        },
        stop);
    if (!generation) return generation.error();
    shelf.generation = *generation;
    return made;
}

} // namespace

VectorIndex::VectorIndex(Library& library, std::string encoder, int dim)
    : library_(library), encoder_(std::move(encoder)), dim_(dim), state_(new State) {}
VectorIndex::~VectorIndex() = default;

Result<std::unique_ptr<VectorIndex>> VectorIndex::open(Library& library, const std::string& encoder, int dim,
                                                       std::stop_token stop) {
    ENSURE(dim > 0, "a vector index needs a dimension");
    const auto generation = library.vectors_generation(encoder, dim);
    if (!generation) return generation.error();
    std::unique_ptr<VectorIndex> index(new VectorIndex(library, encoder, dim));
    auto shelf = read_vector_cache(library.database()->folder(), encoder, dim, *generation);
    if (shelf) {
        index->was_cached_ = true;
        index->state_->saved_generation = *generation;
    } else {
        if (shelf.error().kind == ErrorKind::Damaged) log("retrieval").warning(shelf.error().message);
        shelf = shelf_from_library(library, encoder, dim, stop);
        if (!shelf) return shelf.error();
        log("retrieval").info(fmt::format("vector index made from the library: {} vectors", (*shelf)->size()));
    }
    index->state_->shelf = std::move(*shelf);
    return index;
}

size_t VectorIndex::size() const {
    const std::shared_lock lock(state_->mutex);
    return state_->shelf->size();
}

Result<void> VectorIndex::store(std::span<const ChunkId> chunks, std::span<const float> vectors) {
    const std::lock_guard changing(state_->change_mutex);
    const auto stored = library_.store_vectors(encoder_, dim_, chunks, vectors);
    if (!stored) return stored.error();
    const auto width = static_cast<size_t>(dim_);
    const std::unique_lock lock(state_->mutex);
    return faiss_guarded([&] {
        for (size_t i = 0; i < chunks.size(); ++i)
            if (number(stored->documents[i]) != 0)
                state_->shelf->put(chunks[i], stored->documents[i], vectors.subspan(i * width, width));
        // Where another change came between, the index stays behind on purpose and refresh() makes it anew.
        if (stored->generation == state_->shelf->generation + 1) state_->shelf->generation = stored->generation;
    });
}

Result<void> VectorIndex::refresh(std::stop_token stop) {
    const auto is_current = [&]() -> Result<bool> {
        const auto generation = library_.vectors_generation(encoder_, dim_);
        if (!generation) return generation.error();
        const std::shared_lock lock(state_->mutex);
        return state_->shelf->generation == *generation;
    };
    auto current = is_current();
    if (!current) return current.error();
    if (*current) return {};
    const std::lock_guard changing(state_->change_mutex);
    current = is_current(); // another thread may have done it meanwhile
    if (!current) return current.error();
    if (*current) return {};
    auto shelf = shelf_from_library(library_, encoder_, dim_, stop);
    if (!shelf) return shelf.error();
    const std::unique_lock lock(state_->mutex);
    state_->shelf = std::move(*shelf);
    return {};
}

Result<void> VectorIndex::save() {
    if (library_.database()->access() != Access::Write) return {};
    const std::lock_guard changing(state_->change_mutex); // nobody changes the shelf; searches go on
    if (state_->shelf->generation == state_->saved_generation) return {};
    auto written = write_vector_cache(library_.database()->folder(), encoder_, *state_->shelf);
    if (written) state_->saved_generation = state_->shelf->generation;
    return written;
}

Result<std::vector<ScoredChunk>> VectorIndex::search(std::span<const float> query, int k,
                                                     std::span<const DocumentId> scope, std::stop_token stop) const {
    ENSURE(query.size() == static_cast<size_t>(dim_), "a query vector must be [dim]");
    const std::shared_lock lock(state_->mutex);
    auto found = faiss_guarded([&] { return state_->shelf->search(query, k, scope, stop); });
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "Cancelled."};
    return found;
}

} // namespace lectern

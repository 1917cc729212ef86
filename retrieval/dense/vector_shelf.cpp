// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/dense/vector_shelf.h"

#include <faiss/utils/distances.h>
#include <omp.h>

#include <algorithm>
#include <tuple>
#include <unordered_set>

extern "C" void openblas_set_num_threads(int count); // cblas.h declares it beside the whole of BLAS

namespace lectern {
namespace {

constexpr size_t kRowsAtATime = 32768; // some 8 ms of scanning, then a look at the stop token

/// FAISS scans for fewer than 20 queries with its own loop, which in Debian's build (SSE) takes 95 ms for 100k vectors
/// of 384; as one product of BLAS it takes 24, on one thread as everything here. Once a process: both are globals.
void prefer_blas() {
    static const bool done = [] {
        faiss::distance_compute_blas_threshold = 1;
        openblas_set_num_threads(1);
        return true;
    }();
    (void)done;
}

/// The rows [first, second) from `first` on that are one after another in the scope, at most kRowsAtATime of them. A
/// document's rows mostly stand together, so that a scope is few runs.
std::pair<size_t, size_t> next_run(std::span<const DocumentId> documents, const std::unordered_set<DocumentId>& scope,
                                   size_t first) {
    const auto inside = [&](size_t row) { return scope.empty() || scope.contains(documents[row]); };
    while (first < documents.size() && !inside(first)) ++first;
    size_t end = first;
    while (end < documents.size() && end - first < kRowsAtATime && inside(end)) ++end;
    return {first, end};
}

void keep_best(std::vector<ScoredChunk>& list, size_t count) {
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; });
    if (list.size() > count) list.resize(count);
}

} // namespace

void VectorShelf::put(ChunkId chunk, DocumentId document, std::span<const float> vector) {
    const auto [at, is_new] = row_of.try_emplace(chunk, size());
    if (!is_new) {
        std::copy(vector.begin(), vector.end(), vectors.get_xb() + at->second * vector.size());
        return;
    }
    vectors.add(1, vector.data());
    chunks.push_back(chunk);
    documents.push_back(document);
}

std::vector<ScoredChunk> VectorShelf::search(std::span<const float> query, int k, std::span<const DocumentId> scope,
                                             const std::stop_token& stop) const {
    prefer_blas();
    omp_set_num_threads(1); // of this thread's own calls: the pool above decides how many run at once
    const std::unordered_set<DocumentId> in_scope(scope.begin(), scope.end());
    const size_t wanted = std::min(static_cast<size_t>(std::max(k, 0)), size());
    std::vector<ScoredChunk> best;
    std::vector<float> scores(wanted);
    std::vector<int64_t> rows(wanted);
    for (auto [first, end] = next_run(documents, in_scope, 0); first < end && wanted > 0;
         std::tie(first, end) = next_run(documents, in_scope, end)) {
        if (stop.stop_requested()) return {};
        const size_t found = std::min(wanted, end - first);
        faiss::knn_inner_product(query.data(), vectors.get_xb() + first * query.size(), query.size(), 1, end - first,
                                 found, scores.data(), rows.data());
        for (size_t i = 0; i < found && rows[i] >= 0; ++i)
            best.push_back({chunks[first + static_cast<size_t>(rows[i])], scores[i]});
        if (best.size() >= 4 * wanted) keep_best(best, wanted);
    }
    keep_best(best, wanted);
    return best;
}

} // namespace lectern

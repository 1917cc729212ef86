// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/dense/vector_shelf.h"

#include <faiss/impl/IDSelector.h>
#include <faiss/utils/distances.h>
#include <omp.h>

#include <algorithm>
#include <unordered_set>

namespace lectern {
namespace {

constexpr size_t kRowsAtATime = 32768; // 15 ms of scanning, then a look at the stop token

class RowsOfScope : public faiss::IDSelector {
public:
    RowsOfScope(std::span<const DocumentId> documents, std::span<const DocumentId> scope)
        : documents_(documents), scope_(scope.begin(), scope.end()) {}
    void start_at(size_t row) { first_ = row; }
    bool is_member(idx_t row) const override { return scope_.contains(documents_[first_ + static_cast<size_t>(row)]); }

private:
    std::span<const DocumentId> documents_;
    std::unordered_set<DocumentId> scope_;
    size_t first_ = 0;
};

bool better(const ScoredChunk& a, const ScoredChunk& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; }

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
    omp_set_num_threads(1); // of this thread's own calls: the pool above decides how many run at once
    RowsOfScope selector(documents, scope);
    const auto wanted = static_cast<size_t>(std::max(k, 0));
    std::vector<ScoredChunk> best;
    std::vector<float> scores(wanted);
    std::vector<int64_t> rows(wanted);
    for (size_t first = 0; first < size() && wanted > 0; first += kRowsAtATime) {
        if (stop.stop_requested()) return {};
        const size_t count = std::min(kRowsAtATime, size() - first);
        selector.start_at(first);
        faiss::knn_inner_product(query.data(), vectors.get_xb() + first * query.size(), query.size(), 1, count, wanted, scores.data(),
                                 rows.data(), scope.empty() ? nullptr : &selector);
        for (size_t i = 0; i < wanted && rows[i] >= 0; ++i) best.push_back({chunks[first + static_cast<size_t>(rows[i])], scores[i]});
        std::sort(best.begin(), best.end(), better);
        if (best.size() > wanted) best.resize(wanted);
    }
    return best;
}

} // namespace lectern

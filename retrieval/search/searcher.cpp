// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/search/searcher.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "retrieval/lexical/lexical_query.h"
#include "retrieval/lexical/lexical_search.h"
#include "retrieval/search/fuse.h"

namespace lectern {
namespace {

constexpr int kPassagesASection = 6;
constexpr int kLeastDepth = 50; // how far each list is read before they are fused
constexpr int kMostPassages = 1000;

Error cancelled() { return {ErrorKind::Cancelled, "Cancelled."}; }

/// Chooses from a ranked list: no near duplicates, few of one section first.
class Selection {
public:
    Selection(const Library& library, size_t wanted) : library_(library), wanted_(wanted) {}

    Result<void> read(std::span<const ScoredChunk> ranked, const std::stop_token& stop) {
        for (size_t at = 0; at < ranked.size() && taken_.size() < wanted_; at += wanted_) {
            if (stop.stop_requested()) return cancelled();
            const auto part = ranked.subspan(at, std::min(wanted_, ranked.size() - at));
            std::vector<ChunkId> ids;
            for (const ScoredChunk& r : part) ids.push_back(r.chunk);
            auto chunks = library_.chunks(ids);
            if (!chunks) return chunks.error();
            for (StoredChunk& chunk : *chunks) {
                const auto hit =
                    std::find_if(part.begin(), part.end(), [&](const ScoredChunk& r) { return r.chunk == chunk.id; });
                if (auto seen = consider(std::move(chunk), hit->score); !seen) return seen;
            }
        }
        for (size_t i = 0; i < held_back_.size() && taken_.size() < wanted_; ++i)
            taken_.push_back(std::move(held_back_[i]));
        return {};
    }

    /// The chosen ones with names, page labels and boxes.
    Result<std::vector<Passage>> passages() {
        std::vector<Passage> passages;
        for (Taken& t : taken_) {
            const DocumentInfo& document = *documents_.at(t.chunk.document);
            const Chunk& c = t.chunk.chunk;
            auto label = library_.page_label(t.chunk.document, c.first_page);
            if (!label) return label.error();
            auto boxes = library_.boxes(t.chunk.document, c.start, c.end);
            if (!boxes) return boxes.error();
            passages.push_back({t.chunk.id, t.chunk.document, document.revision, c.ordinal, document.name, c.first_page,
                                c.last_page, std::move(*label), c.heading, t.score, c.text, std::move(*boxes), c.start,
                                c.end});
        }
        return passages;
    }

private:
    struct Taken {
        StoredChunk chunk;
        float score;
    };

    Result<void> consider(StoredChunk chunk, float score) {
        auto document = documents_.find(chunk.document);
        if (document == documents_.end()) {
            auto found = library_.document(chunk.document);
            if (!found) return found.error();
            document = documents_.emplace(chunk.document, std::move(*found)).first;
        }
        if (!document->second) return {}; // being removed
        if (!seen_.insert(near_duplicate_hash(chunk.chunk.text)).second) return {};
        const bool has_section = chunk.chunk.section > 0;
        const bool is_crowded = has_section && ++of_section_[{chunk.document, chunk.chunk.section}] > kPassagesASection;
        auto& list = is_crowded ? held_back_ : taken_;
        if (list.size() < wanted_) list.push_back({std::move(chunk), score});
        return {};
    }

    const Library& library_;
    size_t wanted_;
    std::vector<Taken> taken_, held_back_;
    std::map<DocumentId, std::optional<DocumentInfo>> documents_;
    std::set<Hash128> seen_;
    std::map<std::pair<DocumentId, int>, int> of_section_;
};

} // namespace

std::string_view to_string(Mode mode) {
    switch (mode) {
    case Mode::Hybrid:
        return "hybrid";
    case Mode::Lexical:
        return "lexical";
    case Mode::Vector:
        return "vector";
    }
    return "hybrid";
}

std::string Searcher::why_no_vectors() const {
    if (!embedder_) return "No encoder is installed, so passages were found by their words only.";
    if (!vectors_ || vectors_->size() == 0)
        return "The library has no vectors yet, so passages were found by their words only.";
    if (vectors_->encoder() != embedder_->id() || vectors_->dim() != embedder_->dim())
        return "The library's vectors are of another encoder, so passages were found by their words only.";
    return {};
}

Result<std::vector<ScoredChunk>> Searcher::nearest(const Query& query, int depth, std::stop_token stop) const {
    std::vector<float> vector(static_cast<size_t>(embedder_->dim()));
    const std::string_view text = query.text;
    if (auto embedded = embedder_->embed(std::span(&text, 1), vector, stop); !embedded) return embedded.error();
    if (auto fresh = vectors_->refresh(stop); !fresh) return fresh.error();
    return vectors_->search(vector, depth, query.scope.documents, stop);
}

Result<SearchResult> Searcher::search(const Query& query, std::stop_token stop) const {
    if (stop.stop_requested()) return cancelled();
    SearchResult result{{}, query.mode, {}};
    const int k = std::clamp(query.k, 0, kMostPassages);
    if (k == 0) return result;
    const int depth = std::max(kLeastDepth, 4 * k);

    std::vector<std::vector<ScoredChunk>> lists;
    if (query.mode == Mode::Hybrid && has_quoted_phrase(query.text)) {
        result.mode_used = Mode::Lexical;
        result.note = "Phrases in quotes are searched word for word.";
    } else if (query.mode != Mode::Lexical) {
        std::string why_not = why_no_vectors();
        if (query.mode == Mode::Vector && !why_not.empty())
            return Error{ErrorKind::Unsupported,
                         "Search by meaning is not possible here: it needs an encoder and its vectors."};
        if (why_not.empty()) {
            auto found = nearest(query, depth, stop);
            if (found)
                lists.push_back(std::move(*found));
            else if (query.mode == Mode::Vector || found.error().kind == ErrorKind::Cancelled)
                return found.error();
            else
                why_not = "Passages were found by their words only: " + found.error().message;
        }
        if (!why_not.empty()) {
            result.mode_used = Mode::Lexical;
            result.note = std::move(why_not);
        }
    }
    if (query.mode != Mode::Vector) {
        auto found = lexical_search(*library_.database(), query.text, query.scope.documents, depth, stop);
        if (!found) return found.error();
        lists.push_back(std::move(*found));
    }
    Selection selection(library_, static_cast<size_t>(k));
    const auto ranked = lists.size() == 1 ? std::move(lists.front()) : fuse(lists);
    if (auto read = selection.read(ranked, stop); !read) return read.error();
    auto passages = selection.passages();
    if (!passages) return passages.error();
    result.passages = std::move(*passages);
    return result;
}

} // namespace lectern

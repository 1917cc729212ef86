// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/lexical/lexical_search.h"

#include <string>

#include "retrieval/lexical/lexical_query.h"
#include "retrieval/store/sqlite.h"

namespace lectern {
namespace {

// Weights of text, heading and name.
constexpr const char* kRank = "bm25(1.0, 1.0, 0.5)";

std::string json_list(std::span<const DocumentId> ids) {
    std::string list = "[";
    for (const DocumentId id : ids) list += (list.size() > 1 ? "," : "") + std::to_string(number(id));
    return list + "]";
}

} // namespace

Result<std::vector<ScoredChunk>> lexical_search(Database& database, std::string_view text,
                                                std::span<const DocumentId> scope, int k, std::stop_token stop) {
    return guarded([&] {
        throw_if_stopped(stop);
        std::vector<ScoredChunk> found;
        auto connection = database.reader();
        const InterruptOnStop interrupt(*connection, stop);
        const LexicalQuery query = parse_query(*connection, text);
        if (query.empty() || k <= 0) return found;
        // The index sorts all that match; the join filters from the best on and stops at k. A scope also bounds the row
        // numbers, which the index can use itself: the chunks of a document stand together.
        const std::string documents = json_list(scope);
        int64_t low = 0, high = INT64_MAX;
        if (!scope.empty()) {
            Statement bounds = connection->prepare(
                "SELECT min(id), max(id) FROM chunks WHERE document IN (SELECT value FROM json_each(?))");
            if (bounds.bind(documents).step()) low = bounds.integer(0), high = bounds.integer(1);
        }
        Statement rows = connection->prepare("SELECT w.rowid, w.rank FROM words w CROSS JOIN chunks c ON c.id = "
                                             "w.rowid CROSS JOIN documents d ON d.id = c.document WHERE "
                                             "w.words MATCH ?1 AND w.rank MATCH ?2 AND w.rowid BETWEEN ?3 AND ?4 AND "
                                             "d.state < 2 AND (?5 = '[]' OR d.id IN (SELECT value "
                                             "FROM json_each(?5))) ORDER BY w.rank LIMIT ?6");
        rows.bind(query.expression(), kRank, low, high, documents, k);
        while (rows.step()) found.push_back({rows.id<ChunkId>(0), static_cast<float>(-rows.real(1))});
        return found;
    });
}

} // namespace lectern

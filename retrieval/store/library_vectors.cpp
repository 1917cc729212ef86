// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <fmt/format.h>

#include "retrieval/store/canonical_text.h"
#include "retrieval/store/float16.h"
#include "retrieval/store/library.h"
#include "retrieval/store/library_rows.h"

namespace lectern {
namespace {

constexpr size_t kVectorsAtATime = 4096;

/// 0 where this encoder has stored nothing yet.
int64_t encoder_row(Connection& connection, const std::string& encoder, int dim) {
    return connection.integer("SELECT id FROM encoders WHERE name = ? AND dim = ?", encoder, dim);
}

const char* const kMissing =
    "FROM chunks c JOIN documents d ON d.id = c.document WHERE d.state < 2 AND NOT EXISTS (SELECT 1 FROM embeddings e "
    "WHERE e.chunk = c.id AND e.encoder = ?1)";

} // namespace

Result<std::vector<ChunkToEmbed>> Library::chunks_to_embed(const std::string& encoder, int dim, ChunkId after,
                                                           int limit) const {
    return guarded([&] {
        auto connection = database_->reader();
        // CROSS JOIN order is the order written: by chunk id, stopping at the limit.
        Statement rows = connection->prepare("SELECT c.id, c.document, c.start, c.\"end\", c.heading FROM chunks c "
                                             "CROSS JOIN documents d ON d.id = c.document WHERE c.id > ?2 "
                                             "AND d.state < 2 AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.chunk "
                                             "= c.id AND e.encoder = ?1) ORDER BY c.id LIMIT ?3");
        rows.bind(encoder_row(*connection, encoder, dim), after, limit);
        std::vector<ChunkToEmbed> chunks;
        std::optional<CanonicalText> text;
        DocumentId current{};
        while (rows.step()) {
            if (rows.id<DocumentId>(1) != current) text.emplace(*connection, current = rows.id<DocumentId>(1));
            chunks.push_back(
                {rows.id<ChunkId>(0), rows.text(4),
                 text->slice(static_cast<uint64_t>(rows.integer(2)), static_cast<uint64_t>(rows.integer(3)))});
        }
        return chunks;
    });
}

Result<uint64_t> Library::count_to_embed(const std::string& encoder, int dim) const {
    return guarded([&] {
        auto connection = database_->reader();
        return static_cast<uint64_t>(
            connection->integer(fmt::format("SELECT count(*) {}", kMissing), encoder_row(*connection, encoder, dim)));
    });
}

Result<Library::StoredVectors> Library::store_vectors(const std::string& encoder, int dim,
                                                      std::span<const ChunkId> chunks, std::span<const float> vectors) {
    ENSURE(dim > 0 && vectors.size() == chunks.size() * static_cast<size_t>(dim),
           "store_vectors: vectors must be [chunks, dim]");
    return guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        connection->prepare("INSERT OR IGNORE INTO encoders (name, dim, generation) VALUES (?, ?, 0)")
            .bind(encoder, dim)
            .run();
        const int64_t row = encoder_row(*connection, encoder, dim);
        Statement owner = connection->prepare(
            "SELECT d.id FROM chunks c JOIN documents d ON d.id = c.document WHERE c.id = ? AND d.state < 2");
        Statement insert =
            connection->prepare("INSERT OR REPLACE INTO embeddings (chunk, encoder, vector) VALUES (?, ?, ?)");
        std::vector<uint16_t> halves(static_cast<size_t>(dim));
        StoredVectors stored;
        for (size_t i = 0; i < chunks.size(); ++i) {
            const bool is_there = owner.bind(chunks[i]).step();
            stored.documents.push_back(is_there ? owner.id<DocumentId>(0) : DocumentId{});
            owner.reset();
            if (!is_there) continue;
            to_float16(vectors.subspan(i * halves.size(), halves.size()), halves);
            insert.bind(chunks[i], row, std::as_bytes(std::span(halves))).run();
        }
        connection->prepare("UPDATE encoders SET generation = generation + 1 WHERE id = ?").bind(row).run();
        stored.generation = connection->integer("SELECT generation FROM encoders WHERE id = ?", row);
        transaction.commit();
        return stored;
    });
}

Result<void> Library::drop_other_vectors(const std::string& encoder, int dim) {
    return guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        const int64_t row = encoder_row(*connection, encoder, dim);
        connection->prepare("DELETE FROM embeddings WHERE encoder <> ?").bind(row).run();
        connection->prepare("DELETE FROM encoders WHERE id <> ?").bind(row).run();
        transaction.commit();
    });
}

Result<int64_t> Library::vectors_generation(const std::string& encoder, int dim) const {
    return guarded([&] {
        return database_->reader()->integer("SELECT generation FROM encoders WHERE name = ? AND dim = ?", encoder, dim);
    });
}

Result<int64_t> Library::read_vectors(const std::string& encoder, int dim,
                                      const std::function<Result<void>(const VectorBatch&)>& take,
                                      std::stop_token stop) const {
    return guarded([&] {
        auto connection = database_->reader();
        const ReadTransaction one_moment(*connection);
        const int64_t row = encoder_row(*connection, encoder, dim);
        const int64_t generation = connection->integer("SELECT generation FROM encoders WHERE id = ?", row);
        Statement rows = connection->prepare(
            "SELECT e.chunk, e.vector, c.document FROM embeddings e JOIN chunks c ON c.id = e.chunk JOIN "
            "documents d ON d.id = c.document WHERE e.encoder = ? AND d.state < 2 ORDER BY e.chunk");
        rows.bind(row);
        VectorBatch batch;
        std::vector<uint16_t> halves(static_cast<size_t>(dim));
        const auto hand_over = [&] {
            throw_if_stopped(stop);
            if (batch.chunks.empty()) return;
            const auto taken = take(batch);
            if (!taken) throw StoreFailure{taken.error()};
            batch = {};
        };
        while (rows.step()) {
            const auto bytes = rows.blob(1);
            if (bytes.size() != halves.size() * 2) continue; // verify() tells; rebuild(Vectors) drops it
            std::copy(bytes.begin(), bytes.end(), std::as_writable_bytes(std::span(halves)).begin());
            batch.chunks.push_back(rows.id<ChunkId>(0));
            batch.documents.push_back(rows.id<DocumentId>(2));
            batch.vectors.resize(batch.vectors.size() + halves.size());
            from_float16(halves, std::span(batch.vectors).last(halves.size()));
            if (batch.chunks.size() == kVectorsAtATime) hand_over();
        }
        hand_over();
        return generation;
    });
}

} // namespace lectern

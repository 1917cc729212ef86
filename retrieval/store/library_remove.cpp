// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <fmt/format.h>

#include "engine/base/log.h"
#include "retrieval/store/canonical_text.h"
#include "retrieval/store/library.h"
#include "retrieval/store/library_rows.h"
#include "retrieval/store/short_transactions.h"

namespace lectern {
namespace {

constexpr int kRowsAtATime = 64;
constexpr int kMergePages = 64; // of the word index a step: some 20 ms

std::vector<DocumentId> leaving_documents(Database& database) {
    auto connection = database.reader();
    Statement rows = connection->prepare("SELECT id FROM documents WHERE state = 2");
    std::vector<DocumentId> ids;
    while (rows.step()) ids.push_back(rows.id<DocumentId>(0));
    return ids;
}

std::vector<StoredChunk> some_chunks(Connection& connection, DocumentId document) {
    Statement rows = connection.prepare(
        fmt::format("SELECT {} FROM chunks WHERE document = ? ORDER BY ordinal LIMIT ?", kChunkColumns));
    rows.bind(document, kRowsAtATime);
    std::vector<StoredChunk> chunks;
    while (rows.step()) chunks.push_back(chunk_from(rows));
    return chunks;
}

/// Chunks first, while the pages still tell what the word index holds of them.
void erase_chunks(Database& database, DocumentId document, const std::stop_token& stop) {
    ShortTransactions run(database);
    {
        Connection& connection = run.connection();
        Statement name_row = connection.prepare("SELECT name FROM documents WHERE id = ?");
        const std::string name = name_row.bind(document).step() ? name_row.text(0) : std::string();
        name_row.reset();
        WordIndexWriter words(connection);
        CanonicalText stored(connection, document);
        Statement erase = connection.prepare("DELETE FROM chunks WHERE id = ?"); // vectors go with it
        for (auto chunks = some_chunks(connection, document); !chunks.empty();
             chunks = some_chunks(connection, document)) {
            bump_generations(connection, document);
            for (const StoredChunk& c : chunks) {
                words.remove(c.id, stored.slice(c.chunk.start, c.chunk.end), c.chunk.heading, name);
                erase.bind(c.id).run();
            }
            run.breathe(stop);
        }
    }
    run.finish();
}

void erase_pages(Database& database, DocumentId document, const std::stop_token& stop) {
    ShortTransactions run(database);
    {
        Statement erase = run.connection().prepare("DELETE FROM pages WHERE document = ?1 AND number IN (SELECT number "
                                                   "FROM pages WHERE document = ?1 LIMIT ?2)");
        for (;;) {
            const int64_t before = run.connection().total_changes();
            erase.bind(document, kRowsAtATime).run();
            if (run.connection().total_changes() == before) break;
            run.breathe(stop);
        }
        run.connection().prepare("DELETE FROM sections WHERE document = ?").bind(document).run();
    }
    run.finish();
}

/// A removed word stays in older segments of the index, beside a note that it is gone, until all are merged into one.
void merge_word_segments(Database& database, const std::stop_token& stop) {
    ShortTransactions run(database);
    {
        Statement merge = run.connection().prepare("INSERT INTO words (words, rank) VALUES ('merge', ?)");
        for (;;) {
            const int64_t before = run.connection().total_changes();
            merge.bind(-kMergePages).run();                           // negative: towards a single segment
            if (run.connection().total_changes() - before < 2) break; // SQLite's sign that nothing was left to do
            run.breathe(stop);
        }
    }
    run.finish();
}

/// Last, so that a killed removal is found and goes on. What chats kept of the document's text goes with it: quotes,
/// and prompts as tokens of every chat that had it before the model. Questions and answers are the user's own and stay.
void erase_document_row(Database& database, DocumentId document) {
    auto connection = database.writer();
    Transaction transaction(*connection);
    connection
        ->prepare("UPDATE turns SET tokens = NULL WHERE chat IN (SELECT chat FROM chat_documents WHERE document = ?1 "
                  "UNION SELECT t.chat "
                  "FROM turn_documents td JOIN turns t ON t.id = td.turn WHERE td.document = ?1)")
        .bind(document)
        .run();
    connection->prepare("UPDATE citations SET quote = '' WHERE document = ?").bind(document).run();
    connection->prepare("DELETE FROM documents WHERE id = ?").bind(document).run();
    transaction.commit();
}

} // namespace

Result<void> Library::remove(std::span<const DocumentId> documents, std::stop_token stop) {
    auto marked = guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        Statement leave = connection->prepare("UPDATE documents SET state = 2 WHERE id = ?");
        for (const DocumentId id : documents) leave.bind(id).run();
        transaction.commit();
    });
    if (!marked) return marked;
    return erase_removed(std::move(stop));
}

Result<void> Library::erase_removed(std::stop_token stop) {
    return guarded([&] {
        const auto leaving = leaving_documents(*database_);
        for (const DocumentId id : leaving) {
            throw_if_stopped(stop);
            erase_chunks(*database_, id, stop);
            erase_pages(*database_, id, stop);
        }
        if (!leaving.empty()) merge_word_segments(*database_, stop);
        for (const DocumentId id : leaving) erase_document_row(*database_, id);
        if (!leaving.empty()) log("retrieval").info(fmt::format("erased {} documents", leaving.size()));
        if (!database_->writer()->checkpoint_truncate())
            store_failure(
                ErrorKind::Busy,
                "The removed documents are gone, but traces remain in the library's log, which a running search "
                "or another program still reads; they go with the next removal or start.");
    });
}

} // namespace lectern

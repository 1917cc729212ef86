// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/library_rows.h"

#include <chrono>

#include "retrieval/store/page_layout.h"

namespace lectern {
namespace {

template <class Enum> Enum enum_from(std::string_view text, Enum last) {
    for (int i = 0; i <= static_cast<int>(last); ++i)
        if (to_string(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    store_failure(ErrorKind::Damaged,
                  "The library holds a value that this program does not know; run \"lectern-cli library verify\".");
}

} // namespace

Outcome outcome_from(std::string_view text) { return enum_from(text, Outcome::Cancelled); }

const char* const kDocumentColumns =
    "id, path, name, kind, hash, bytes, mtime_ns, extractor, revision, replaces, state, title, outcome, message,"
    " pages_text, pages_ocr, pages_blank, pages_failed, added_ms";

DocumentInfo document_from(Statement& row) {
    DocumentInfo d;
    d.id = row.id<DocumentId>(0);
    d.path = row.text(1);
    d.name = row.text(2);
    d.kind = row.text(3);
    d.hash = Hash128::from_hex(row.text(4)).value_or(Hash128{});
    d.bytes = static_cast<uint64_t>(row.integer(5));
    d.mtime_ns = row.integer(6);
    d.extractor = row.text(7);
    d.revision = static_cast<int>(row.integer(8));
    if (!row.is_null(9)) d.replaces = row.id<DocumentId>(9);
    d.arriving = row.integer(10) == static_cast<int>(DocumentState::Arriving);
    d.title = row.text(11);
    d.outcome = outcome_from(row.text(12));
    d.message = row.text(13);
    d.counts = {static_cast<int>(row.integer(14)), static_cast<int>(row.integer(15)), static_cast<int>(row.integer(16)),
                static_cast<int>(row.integer(17))};
    d.added_ms = row.integer(18);
    return d;
}

const char* const kPageColumns = "number, label, source, width_pt, height_pt, text, layout";

Page page_from(Statement& row) {
    Page page;
    page.number = static_cast<int>(row.integer(0));
    page.label = row.text(1);
    page.source = enum_from(row.text(2), PageSource::Failed);
    page.width_pt = static_cast<float>(row.real(3));
    page.height_pt = static_cast<float>(row.real(4));
    page.text = row.text(5);
    const auto decoded = decode_layout(row.blob(6), page);
    if (!decoded) throw StoreFailure{decoded.error()};
    return page;
}

const char* const kChunkColumns = "id, document, ordinal, start, \"end\", first_page, last_page, section, heading";

StoredChunk chunk_from(Statement& row) {
    StoredChunk c;
    c.id = row.id<ChunkId>(0);
    c.document = row.id<DocumentId>(1);
    c.chunk.ordinal = static_cast<int>(row.integer(2));
    c.chunk.start = static_cast<uint64_t>(row.integer(3));
    c.chunk.end = static_cast<uint64_t>(row.integer(4));
    c.chunk.first_page = static_cast<int>(row.integer(5));
    c.chunk.last_page = static_cast<int>(row.integer(6));
    c.chunk.section = static_cast<int>(row.integer(7)); // NULL reads as 0
    c.chunk.heading = row.text(8);
    return c;
}

WordIndexWriter::WordIndexWriter(Connection& connection)
    : add_(connection.prepare("INSERT INTO words (rowid, text, heading, name) VALUES (?, ?, ?, ?)")),
      remove_(
          connection.prepare("INSERT INTO words (words, rowid, text, heading, name) VALUES ('delete', ?, ?, ?, ?)")) {}

void WordIndexWriter::add(ChunkId id, const std::string& text, const std::string& heading, const std::string& name) {
    add_.bind(id, text, heading, name).run();
}

void WordIndexWriter::remove(ChunkId id, const std::string& text, const std::string& heading, const std::string& name) {
    remove_.bind(id, text, heading, name).run();
}

void bump_generations(Connection& connection, DocumentId document) {
    connection
        .prepare("UPDATE encoders SET generation = generation + 1 WHERE EXISTS (SELECT 1 FROM embeddings JOIN chunks "
                 "ON chunks.id = "
                 "embeddings.chunk WHERE chunks.document = ? AND embeddings.encoder = encoders.id)")
        .bind(document)
        .run();
}

int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace lectern

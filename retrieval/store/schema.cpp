// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/schema.h"

#include <array>

#include <fmt/format.h>

namespace lectern {
namespace {

// Once released, a step is never edited; a change is a new step. STORE_FORMAT.md shows the sum of them.
constexpr const char* kStep1 = R"sql(
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 32),
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    extractor TEXT NOT NULL,
    revision INTEGER NOT NULL,
    replaces INTEGER REFERENCES documents (id) ON DELETE SET NULL,
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    title TEXT NOT NULL,
    outcome TEXT NOT NULL,
    message TEXT NOT NULL,
    pages INTEGER NOT NULL,
    pages_text INTEGER NOT NULL,
    pages_ocr INTEGER NOT NULL,
    pages_blank INTEGER NOT NULL,
    pages_failed INTEGER NOT NULL,
    added_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_by_path ON documents (path);
CREATE INDEX documents_by_hash ON documents (hash);
CREATE INDEX documents_by_replaced ON documents (replaces);
CREATE TABLE pages (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 1),
    label TEXT NOT NULL,
    source TEXT NOT NULL,
    width_pt REAL NOT NULL,
    height_pt REAL NOT NULL,
    start INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    text TEXT NOT NULL,
    layout BLOB NOT NULL,
    PRIMARY KEY (document, number)
) STRICT;
CREATE UNIQUE INDEX pages_by_start ON pages (document, start, bytes);
CREATE TABLE sections (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    id INTEGER NOT NULL CHECK (id >= 1),
    parent INTEGER NOT NULL,
    level INTEGER NOT NULL,
    title TEXT NOT NULL,
    page INTEGER NOT NULL,
    start INTEGER NOT NULL,
    PRIMARY KEY (document, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    first_page INTEGER NOT NULL,
    last_page INTEGER NOT NULL,
    section INTEGER,
    heading TEXT NOT NULL,
    UNIQUE (document, ordinal),
    FOREIGN KEY (document, section) REFERENCES sections (document, id)
) STRICT;
CREATE INDEX chunks_by_section ON chunks (document, section);
CREATE VIRTUAL TABLE words USING fts5 (text, heading, name, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE words_vocabulary USING fts5vocab ('words', 'row');
CREATE TABLE encoders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    dim INTEGER NOT NULL CHECK (dim >= 1),
    generation INTEGER NOT NULL,
    UNIQUE (name, dim)
) STRICT;
CREATE TABLE embeddings (
    chunk INTEGER NOT NULL REFERENCES chunks (id) ON DELETE CASCADE,
    encoder INTEGER NOT NULL REFERENCES encoders (id) ON DELETE CASCADE,
    vector BLOB NOT NULL,
    PRIMARY KEY (chunk, encoder)
) STRICT, WITHOUT ROWID;
CREATE INDEX embeddings_by_encoder ON embeddings (encoder);
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    options TEXT NOT NULL,
    finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
    created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE job_items (
    job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    path TEXT NOT NULL,
    named INTEGER NOT NULL CHECK (named IN (0, 1)),
    outcome TEXT,
    document INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (job, ordinal),
    UNIQUE (job, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE chats (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    date TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE chat_documents (
    chat INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (chat, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_documents_by_document ON chat_documents (document);
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    model TEXT NOT NULL,
    mode TEXT NOT NULL,
    tokens BLOB,
    extra TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (chat, ordinal)
) STRICT;
CREATE TABLE turn_documents (
    turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (turn, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_documents_by_document ON turn_documents (document);
CREATE TABLE citations (
    turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    document INTEGER REFERENCES documents (id) ON DELETE SET NULL,
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    chunk INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER NOT NULL,
    page_label TEXT NOT NULL,
    quote TEXT NOT NULL,
    PRIMARY KEY (turn, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX citations_by_document ON citations (document);
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array<const char*, kSchemaVersion> kSteps = {kStep1};

int64_t user_version(Connection& connection) { return connection.integer("PRAGMA user_version"); }

void refuse_newer(int64_t version, const std::string& file) {
    if (version > kSchemaVersion)
        store_failure(
            ErrorKind::Unsupported,
            fmt::format(
                "{} was written by a newer Lectern (format {}, this program knows {}). Update Lectern to open it.",
                file, version, kSchemaVersion));
}

void refuse_foreign(Connection& connection, const std::string& file) {
    if (connection.integer("PRAGMA application_id") != kApplicationId)
        store_failure(ErrorKind::Unsupported,
                      fmt::format("{} is a database, but not a library of Lectern. Choose another folder.", file));
}

} // namespace

void migrate(Connection& writer, const std::string& file) {
    const bool is_new = writer.integer("SELECT count(*) FROM sqlite_schema") == 0 && user_version(writer) == 0;
    if (is_new)
        writer.execute("PRAGMA page_size = 8192");
    else
        refuse_foreign(writer, file);
    refuse_newer(user_version(writer), file);
    writer.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    for (int64_t version = user_version(writer); version < kSchemaVersion; ++version) {
        Transaction transaction(writer);
        if (version == 0) writer.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
        writer.execute(kSteps[static_cast<size_t>(version)]);
        writer.execute(fmt::format("PRAGMA user_version = {}", version + 1));
        transaction.commit();
    }
}

void check_version(Connection& reader, const std::string& file) {
    refuse_foreign(reader, file);
    refuse_newer(user_version(reader), file);
    if (user_version(reader) < kSchemaVersion)
        store_failure(ErrorKind::Unsupported,
                      fmt::format("{} was written by an older Lectern. Open it once in the Lectern window, "
                                  "which brings it up to date.",
                                  file));
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <fmt/format.h>

#include "engine/base/log.h"
#include "retrieval/store/canonical_text.h"
#include "retrieval/store/library.h"
#include "retrieval/store/library_rows.h"
#include "retrieval/store/page_layout.h"

namespace lectern {
namespace {

constexpr const char* kRestore = "put back a backup of library.sqlite, or add the documents to a new library";
constexpr const char* kAddAgain = "remove the document and add it again";
constexpr const char* kRebuildWords = "rebuild the word index (lectern-cli library rebuild --only words)";
constexpr const char* kRebuildVectors = "rebuild the vectors (lectern-cli library rebuild --only vectors)";

class Check {
public:
    Check(Connection& connection, std::vector<Problem>& problems) : connection_(connection), problems_(problems) {}

    /// Each row of the query is one problem; `where` is made from its first two columns.
    void rows(const std::string& sql, const char* what, const char* where, const char* repair) {
        run([&] {
            Statement rows = connection_.prepare(sql);
            while (rows.step())
                problems_.push_back({what, fmt::format(fmt::runtime(where), rows.text(0), rows.text(1)), repair});
        });
    }
    /// A query that cannot even be answered is a problem of its own, not the end of the check.
    template <class Body> void run(Body&& body) {
        try {
            body();
        } catch (const StoreFailure& failure) {
            if (failure.error.kind != ErrorKind::Damaged) throw;
            problems_.push_back({failure.error.message, "library.sqlite", kRestore});
        }
    }
    std::vector<Problem>& problems() { return problems_; }
    Connection& connection() { return connection_; }

private:
    Connection& connection_;
    std::vector<Problem>& problems_;
};

void check_file(Check& check) {
    check.run([&] {
        Statement rows = check.connection().prepare("PRAGMA quick_check(20)");
        while (rows.step())
            if (rows.text(0) != "ok")
                check.problems().push_back({"the file is damaged: " + rows.text(0), "library.sqlite", kRestore});
    });
    check.run([&] {
        Statement rows = check.connection().prepare("PRAGMA foreign_key_check");
        while (rows.step())
            check.problems().push_back(
                {"a row belongs to nothing", fmt::format("table {}, row {}", rows.text(0), rows.text(1)), kRestore});
    });
}

void check_pages(Check& check, const std::stop_token& stop) {
    check.rows("SELECT document, number FROM (SELECT document, number, start, bytes, length(CAST(text AS BLOB)) AS "
               "length, lag(number, 1, 0) "
               "OVER w AS before, lag(start + bytes + 1, 1, 0) OVER w AS expected FROM pages WINDOW w AS (PARTITION BY "
               "document ORDER BY "
               "number)) WHERE bytes <> length OR number <> before + 1 OR start <> expected",
               "the page is not where it should be in the document's text", "document {}, page {}", kAddAgain);
    check.run([&] {
        Statement rows = check.connection().prepare("SELECT document, number, text, layout FROM pages");
        while (rows.step()) {
            throw_if_stopped(stop);
            Page page;
            page.number = static_cast<int>(rows.integer(1));
            page.text = rows.text(2);
            if (!decode_layout(rows.blob(3), page))
                check.problems().push_back({"the places of the words cannot be read",
                                            fmt::format("document {}, page {}", rows.integer(0), page.number),
                                            kAddAgain});
        }
    });
}

void check_chunks(Check& check) {
    check.rows("SELECT c.document, c.ordinal FROM chunks c LEFT JOIN (SELECT document, max(start + bytes) AS bytes "
               "FROM pages GROUP BY document) "
               "d ON d.document = c.document WHERE c.start >= c.\"end\" OR d.bytes IS NULL OR c.\"end\" > d.bytes OR "
               "NOT EXISTS (SELECT 1 "
               "FROM pages p WHERE p.document = c.document AND p.number = c.last_page)",
               "the chunk lies outside the document's text", "document {}, chunk {}", kAddAgain);
    check.rows("SELECT id, outcome FROM documents WHERE state = 0 AND outcome IN ('ready', 'partial') AND NOT EXISTS "
               "(SELECT 1 FROM pages "
               "WHERE document = documents.id)",
               "the document is complete but has no pages", "document {}", kAddAgain);
    check.rows("SELECT c.document, c.ordinal FROM embeddings e JOIN encoders n ON n.id = e.encoder JOIN chunks c ON "
               "c.id = e.chunk "
               "WHERE length(e.vector) <> 2 * n.dim",
               "the vector has the wrong size", "document {}, chunk {}", kRebuildVectors);
}

void check_words(Check& check, Database& database) {
    check.rows("SELECT document, ordinal FROM chunks WHERE id NOT IN (SELECT id FROM words_docsize)",
               "the chunk is not in the word index", "document {}, chunk {}", kRebuildWords);
    check.rows("SELECT id, 0 FROM words_docsize WHERE id NOT IN (SELECT id FROM chunks)",
               "the word index holds a chunk that is gone", "row {}", kRebuildWords);
    if (database.access() != Access::Write) return; // the check is an INSERT to SQLite
    try {
        database.writer()->execute("INSERT INTO words (words) VALUES ('integrity-check')");
    } catch (const StoreFailure& failure) {
        if (failure.error.kind != ErrorKind::Damaged) throw;
        check.problems().push_back({"the word index is damaged", "words", kRebuildWords});
    }
}

/// The tables inside FTS5 as they are in a fresh index: no segments, no averages. Source: SQLite's fts5_index.c,
/// "%_data table record formats"; 7 bytes are a cookie of 4 and three zero counts.
constexpr const char* kFreshIndex =
    "DELETE FROM words_data; DELETE FROM words_idx; DELETE FROM words_docsize; DELETE FROM words_config;"
    "INSERT INTO words_data (id, block) VALUES (1, x''), (10, x'00000000000000'); INSERT INTO words_config (k, v) "
    "VALUES ('version', 4)";

void empty_word_index(Connection& connection) {
    try {
        connection.execute("INSERT INTO words (words) VALUES ('delete-all')");
        return;
    } catch (const StoreFailure& failure) {
        log("retrieval")
            .warning("the word index is too damaged to be emptied, making it anew: " + failure.error.message);
    }
    connection.set_defensive(false);
    const auto made = guarded([&] { connection.execute(kFreshIndex); });
    connection.set_defensive(true);
    if (!made) throw StoreFailure{made.error()};
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')");
}

void rebuild_words(Database& database, const std::stop_token& stop) {
    auto connection = database.writer();
    Transaction transaction(*connection);
    empty_word_index(*connection);
    {
        WordIndexWriter words(*connection);
        Statement rows = connection->prepare(
            "SELECT c.id, c.document, c.start, c.\"end\", c.heading, d.name FROM chunks c JOIN documents d ON "
            "d.id = c.document ORDER BY c.document, c.ordinal");
        std::optional<CanonicalText> text;
        DocumentId current{};
        while (rows.step()) {
            throw_if_stopped(stop);
            if (rows.id<DocumentId>(1) != current) text.emplace(*connection, current = rows.id<DocumentId>(1));
            words.add(rows.id<ChunkId>(0),
                      text->slice(static_cast<uint64_t>(rows.integer(2)), static_cast<uint64_t>(rows.integer(3))),
                      rows.text(4), rows.text(5));
        }
    }
    transaction.commit();
    connection->checkpoint_truncate();
}

void drop_bad_vectors(Database& database) {
    {
        auto connection = database.writer();
        Transaction transaction(*connection);
        connection->execute(
            "DELETE FROM embeddings WHERE length(vector) <> 2 * (SELECT dim FROM encoders WHERE id = encoder)");
        connection->execute("UPDATE encoders SET generation = generation + 1");
        transaction.commit();
    }
    for (const auto& entry : std::filesystem::directory_iterator(database.folder())) {
        std::error_code ignored;
        if (entry.path().filename().string().starts_with("vectors-")) std::filesystem::remove(entry.path(), ignored);
    }
}

} // namespace

Result<std::vector<Problem>> Library::verify(std::stop_token stop) const {
    return guarded([&] {
        std::vector<Problem> problems;
        auto connection = database_->reader();
        const InterruptOnStop interrupt(*connection, stop);
        Check check(*connection, problems);
        check_file(check);
        check_pages(check, stop);
        check_chunks(check);
        check_words(check, *database_);
        return problems;
    });
}

Result<void> Library::rebuild(Rebuild what, std::stop_token stop) {
    return guarded([&] {
        if (what == Rebuild::Words)
            rebuild_words(*database_, stop);
        else
            drop_bad_vectors(*database_);
    });
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <fmt/format.h>

#include "retrieval/store/canonical_text.h"
#include "retrieval/store/library.h"
#include "retrieval/store/library_rows.h"
#include "retrieval/store/page_layout.h"
#include "retrieval/store/short_transactions.h"

namespace lectern {
namespace {

std::string name_of_arriving(Connection& connection, DocumentId document) {
    Statement row = connection.prepare("SELECT name FROM documents WHERE id = ? AND state = 1");
    if (!row.bind(document).step())
        store_failure(ErrorKind::NotFound,
                      fmt::format("Document {} is not being added; begin it again.", number(document)));
    return row.text(0);
}

struct PagesEnd {
    int64_t number = 0;
    uint64_t next_start = 0;
};

PagesEnd end_of_pages(Connection& connection, DocumentId document) {
    Statement row = connection.prepare(
        "SELECT number, start + bytes + 1 FROM pages WHERE document = ? ORDER BY number DESC LIMIT 1");
    if (!row.bind(document).step()) return {};
    return {row.integer(0), static_cast<uint64_t>(row.integer(1))};
}

void append_pages(ShortTransactions& run, DocumentId document, std::span<const Page> pages,
                  const std::stop_token& stop) {
    Statement insert = run.connection().prepare(
        "INSERT INTO pages (document, number, label, source, width_pt, height_pt, start, bytes, "
        "text, layout) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Statement count = run.connection().prepare(
        "UPDATE documents SET pages = pages + 1, pages_text = pages_text + ?, pages_ocr = pages_ocr + "
        "?, pages_blank = pages_blank + ?, pages_failed = pages_failed + ? WHERE id = ?");
    PagesEnd end = end_of_pages(run.connection(), document);
    for (const Page& page : pages) {
        if (page.number <= end.number) continue;
        if (page.number != end.number + 1)
            store_failure(ErrorKind::Internal, fmt::format("Page {} of document {} came before page {}.", page.number,
                                                           number(document), end.number + 1));
        insert.bind(document, page.number, page.label, to_string(page.source), page.width_pt, page.height_pt,
                    end.next_start, page.text.size(), page.text, encode_layout(page));
        insert.run();
        const auto is = [&](PageSource source) { return page.source == source; };
        count.bind(is(PageSource::Text), is(PageSource::Ocr), is(PageSource::Blank), is(PageSource::Failed), document)
            .run();
        end = {page.number, end.next_start + page.text.size() + 1};
        if (run.breathe(stop)) name_of_arriving(run.connection(), document); // not removed meanwhile
    }
}

void append_sections(ShortTransactions& run, DocumentId document, std::span<const Section> sections,
                     const std::stop_token& stop) {
    Statement insert = run.connection().prepare(
        "INSERT OR IGNORE INTO sections (document, id, parent, level, title, page, start) VALUES "
        "(?, ?, ?, ?, ?, ?, ?)");
    for (const Section& s : sections) {
        insert.bind(document, s.id, s.parent, s.level, s.title, s.page, s.start).run();
        if (run.breathe(stop)) name_of_arriving(run.connection(), document); // not removed meanwhile
    }
}

void append_chunks(ShortTransactions& run, DocumentId document, const std::string& name, std::span<const Chunk> chunks,
                   const std::stop_token& stop) {
    Statement known = run.connection().prepare("SELECT 1 FROM chunks WHERE document = ? AND ordinal = ?");
    Statement insert = run.connection().prepare(
        "INSERT INTO chunks (document, ordinal, start, \"end\", first_page, last_page, section, "
        "heading) VALUES (?, ?, ?, ?, ?, ?, nullif(?, 0), ?)");
    WordIndexWriter words(run.connection());
    CanonicalText stored(run.connection(), document);
    for (const Chunk& c : chunks) {
        const bool is_known = known.bind(document, c.ordinal).step();
        known.reset();
        if (is_known) continue;
        const std::string text = stored.slice(c.start, c.end);
        if (text != c.text)
            store_failure(ErrorKind::Internal, fmt::format("Chunk {} of document {} is not the text of its pages.",
                                                           c.ordinal, number(document)));
        insert.bind(document, c.ordinal, c.start, c.end, c.first_page, c.last_page, c.section, c.heading).run();
        words.add(static_cast<ChunkId>(run.connection().last_id()), text, c.heading, name);
        if (run.breathe(stop)) name_of_arriving(run.connection(), document); // not removed meanwhile
    }
}

std::optional<DocumentId> resumable(Connection& connection, const DocumentDraft& draft) {
    Statement row = connection.prepare(
        "SELECT id FROM documents WHERE state = 1 AND path = ? AND hash = ? AND extractor = ? AND replaces IS ?");
    if (!row.bind(draft.path, draft.hash.hex(), draft.extractor, draft.replaces).step()) return std::nullopt;
    return row.id<DocumentId>(0);
}

/// The old document leaves, and what pointed to it points to the new one: scopes and citations, so that a chat keeps
/// its quotes (a citation still tells which revision it was made from).
void replace(Connection& connection, DocumentId old_one, DocumentId new_one) {
    connection.prepare("UPDATE documents SET state = 2 WHERE id = ?").bind(old_one).run();
    connection.prepare("UPDATE documents SET replaces = NULL WHERE id = ?").bind(new_one).run();
    connection.prepare("UPDATE citations SET document = ? WHERE document = ?").bind(new_one, old_one).run();
    for (const char* table : {"chat_documents", "turn_documents"}) {
        connection.prepare(fmt::format("UPDATE OR IGNORE {} SET document = ? WHERE document = ?", table))
            .bind(new_one, old_one)
            .run();
        connection.prepare(fmt::format("DELETE FROM {} WHERE document = ?", table)).bind(old_one).run();
    }
}

} // namespace

Result<DocumentId> Library::begin_document(const DocumentDraft& draft) {
    return guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        if (const auto id = resumable(*connection, draft)) return *id;
        connection->prepare("UPDATE documents SET state = 2 WHERE state = 1 AND path = ?").bind(draft.path).run();
        const int64_t revision =
            1 + connection->integer("SELECT max(revision) FROM documents WHERE id = ?", draft.replaces);
        connection
            ->prepare("INSERT INTO documents (path, name, kind, hash, bytes, mtime_ns, extractor, revision, replaces, "
                      "state, title, outcome, "
                      "message, pages, pages_text, pages_ocr, pages_blank, pages_failed, added_ms) VALUES "
                      "(?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '', 'cancelled', '', 0, 0, 0, 0, 0, ?)")
            .bind(draft.path, draft.name, draft.kind, draft.hash.hex(), draft.bytes, draft.mtime_ns, draft.extractor,
                  revision, draft.replaces, now_ms())
            .run();
        const auto id = static_cast<DocumentId>(connection->last_id());
        transaction.commit();
        return id;
    });
}

Result<void> Library::append(DocumentId document, std::span<const Page> pages, std::span<const Section> sections,
                             std::span<const Chunk> chunks, std::stop_token stop) {
    return guarded([&] {
        throw_if_stopped(stop);
        ShortTransactions run(*database_);
        const std::string name = name_of_arriving(run.connection(), document);
        append_pages(run, document, pages, stop);
        append_sections(run, document, sections, stop);
        append_chunks(run, document, name, chunks, stop);
        run.finish();
    });
}

Result<std::optional<DocumentId>> Library::finish_document(DocumentId document, const DocumentEnd& end) {
    return guarded([&]() -> std::optional<DocumentId> {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        name_of_arriving(*connection, document);
        const PageCounts& n = end.counts;
        connection
            ->prepare("UPDATE documents SET state = 0, outcome = ?, title = ?, message = ?, pages = ?, pages_text = ?, "
                      "pages_ocr = ?, "
                      "pages_blank = ?, pages_failed = ? WHERE id = ?")
            .bind(to_string(end.outcome), end.title, end.message, n.all(), n.text, n.ocr, n.blank, n.failed, document)
            .run();
        std::optional<DocumentId> replaced;
        if (const int64_t old_one = connection->integer("SELECT replaces FROM documents WHERE id = ?", document)) {
            if (end.outcome == Outcome::Ready || end.outcome == Outcome::Partial) {
                replaced = static_cast<DocumentId>(old_one);
                replace(*connection, *replaced, document);
            } else {
                connection->prepare("UPDATE documents SET state = 2 WHERE id = ?").bind(document).run();
            }
        }
        transaction.commit();
        return replaced;
    });
}

Result<void> Library::set_mtime(DocumentId document, int64_t mtime_ns) {
    return guarded([&] {
        auto connection = database_->writer();
        connection->prepare("UPDATE documents SET mtime_ns = ? WHERE id = ?").bind(mtime_ns, document).run();
    });
}

} // namespace lectern

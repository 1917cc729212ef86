// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/chat_store.h"

#include <cstring>

#include <fmt/format.h>

#include "retrieval/store/library_rows.h"
#include "retrieval/store/sqlite.h"

namespace lectern {
namespace {

std::vector<DocumentId> documents_of(Connection& connection, std::string_view sql, int64_t owner) {
    Statement rows = connection.prepare(sql);
    rows.bind(owner);
    std::vector<DocumentId> ids;
    while (rows.step()) ids.push_back(rows.id<DocumentId>(0));
    return ids;
}

std::vector<Citation> citations_of(Connection& connection, TurnId turn) {
    Statement rows = connection.prepare(
        "SELECT number, mark, document, revision, name, chunk, start, \"end\", page, page_label, quote FROM "
        "citations WHERE turn = ? ORDER BY number");
    rows.bind(turn);
    std::vector<Citation> citations;
    while (rows.step()) {
        Citation c;
        c.number = static_cast<int>(rows.integer(0));
        c.mark = static_cast<int>(rows.integer(1));
        if (!rows.is_null(2)) c.document = rows.id<DocumentId>(2);
        c.revision = static_cast<int>(rows.integer(3));
        c.name = rows.text(4);
        c.chunk = rows.id<ChunkId>(5);
        c.start = static_cast<uint64_t>(rows.integer(6));
        c.end = static_cast<uint64_t>(rows.integer(7));
        c.page = static_cast<int>(rows.integer(8));
        c.page_label = rows.text(9);
        c.quote = rows.text(10);
        citations.push_back(std::move(c));
    }
    return citations;
}

void insert_citations(Connection& connection, TurnId turn, const std::vector<Citation>& citations) {
    Statement insert = connection.prepare(
        "INSERT INTO citations (turn, number, mark, document, revision, name, chunk, start, \"end\", page, "
        "page_label, quote) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Citation& c : citations)
        insert
            .bind(turn, c.number, c.mark, c.document, c.revision, c.name, c.chunk, c.start, c.end, c.page, c.page_label,
                  c.quote)
            .run();
}

/// A document that is gone, or going, cannot be referred to any more.
void require_documents(Connection& connection, std::span<const DocumentId> documents) {
    for (const DocumentId id : documents)
        if (connection.integer("SELECT count(*) FROM documents WHERE id = ? AND state < 2", id) == 0)
            store_failure(ErrorKind::NotFound, fmt::format("Document {} is not in the library any more.", number(id)));
}

void require_chat(Connection& connection, ChatId chat) {
    if (connection.integer("SELECT count(*) FROM chats WHERE id = ?", chat) == 0)
        store_failure(ErrorKind::NotFound, fmt::format("Chat {} does not exist.", number(chat)));
}

std::vector<Chat> chats_where(Database& database, std::string_view condition, int64_t value) {
    auto connection = database.reader();
    Statement rows = connection->prepare(
        fmt::format("SELECT id, title, date, created_ms, (SELECT count(*) FROM turns WHERE chat = chats.id) "
                    "FROM chats WHERE {} ORDER BY id DESC",
                    condition));
    rows.bind(value);
    std::vector<Chat> chats;
    while (rows.step()) {
        Chat chat{rows.id<ChatId>(0), rows.text(1), rows.text(2),
                  rows.integer(3),    {},           static_cast<int>(rows.integer(4))};
        chat.documents = documents_of(
            *connection, "SELECT document FROM chat_documents WHERE chat = ? ORDER BY document", number(chat.id));
        chats.push_back(std::move(chat));
    }
    return chats;
}

} // namespace

Result<ChatId> ChatStore::create(const std::string& title, const std::string& date, std::span<const DocumentId> scope) {
    return guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        require_documents(*connection, scope);
        connection->prepare("INSERT INTO chats (title, date, created_ms) VALUES (?, ?, ?)")
            .bind(title, date, now_ms())
            .run();
        const auto id = static_cast<ChatId>(connection->last_id());
        Statement insert = connection->prepare("INSERT OR IGNORE INTO chat_documents (chat, document) VALUES (?, ?)");
        for (const DocumentId document : scope) insert.bind(id, document).run();
        transaction.commit();
        return id;
    });
}

Result<void> ChatStore::rename(ChatId chat, const std::string& title) {
    return guarded(
        [&] { database_->writer()->prepare("UPDATE chats SET title = ? WHERE id = ?").bind(title, chat).run(); });
}

Result<void> ChatStore::remove(ChatId chat) {
    return guarded([&] {
        auto connection = database_->writer();
        connection->prepare("DELETE FROM chats WHERE id = ?").bind(chat).run();
        connection->checkpoint_truncate(); // what was asked leaves the log too, unless a read still needs it
    });
}

Result<TurnId> ChatStore::add_turn(ChatId chat, const Turn& turn) {
    return guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        require_chat(*connection, chat);
        require_documents(*connection, turn.documents);
        const int64_t ordinal = 1 + connection->integer("SELECT max(ordinal) FROM turns WHERE chat = ?", chat);
        Statement insert = connection->prepare(
            "INSERT INTO turns (chat, ordinal, question, answer, model, mode, tokens, extra, created_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        std::optional<std::span<const std::byte>> tokens;
        if (turn.tokens) tokens = std::as_bytes(std::span(*turn.tokens));
        insert.bind(chat, ordinal, turn.question, turn.answer, turn.model, turn.mode, tokens, turn.extra, now_ms())
            .run();
        const auto id = static_cast<TurnId>(connection->last_id());
        Statement source = connection->prepare("INSERT OR IGNORE INTO turn_documents (turn, document) VALUES (?, ?)");
        for (const DocumentId document : turn.documents) source.bind(id, document).run();
        insert_citations(*connection, id, turn.citations);
        transaction.commit();
        return id;
    });
}

Result<std::vector<Chat>> ChatStore::list() const {
    return guarded([&] { return chats_where(*database_, "id > ?", 0); });
}

Result<std::optional<Chat>> ChatStore::chat(ChatId chat) const {
    return guarded([&]() -> std::optional<Chat> {
        auto found = chats_where(*database_, "id = ?", number(chat));
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
    });
}

Result<std::vector<Turn>> ChatStore::turns(ChatId chat) const {
    return guarded([&] {
        auto connection = database_->reader();
        const ReadTransaction one_moment(*connection);
        Statement rows = connection->prepare(
            "SELECT id, ordinal, question, answer, model, mode, tokens, extra, created_ms FROM turns WHERE "
            "chat = ? ORDER BY ordinal");
        rows.bind(chat);
        std::vector<Turn> turns;
        while (rows.step()) {
            Turn turn;
            turn.id = rows.id<TurnId>(0);
            turn.ordinal = static_cast<int>(rows.integer(1));
            turn.question = rows.text(2);
            turn.answer = rows.text(3);
            turn.model = rows.text(4);
            turn.mode = rows.text(5);
            if (!rows.is_null(6)) {
                const auto bytes = rows.blob(6);
                turn.tokens.emplace(bytes.size() / sizeof(uint32_t));
                if (!turn.tokens->empty())
                    std::memcpy(turn.tokens->data(), bytes.data(), turn.tokens->size() * sizeof(uint32_t));
            }
            turn.extra = rows.text(7);
            turn.created_ms = rows.integer(8);
            turn.documents = documents_of(
                *connection, "SELECT document FROM turn_documents WHERE turn = ? ORDER BY document", number(turn.id));
            turn.citations = citations_of(*connection, turn.id);
            turns.push_back(std::move(turn));
        }
        return turns;
    });
}

} // namespace lectern

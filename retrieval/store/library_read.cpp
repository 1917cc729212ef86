// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "retrieval/store/canonical_text.h"
#include "retrieval/store/library.h"
#include "retrieval/store/library_rows.h"

namespace lectern {
namespace {

template <class... Args>
Result<std::vector<DocumentInfo>> documents_where(Database& database, std::string_view condition, const Args&... args) {
    return guarded([&] {
        auto connection = database.reader();
        Statement rows = connection->prepare(fmt::format(
            "SELECT {} FROM documents WHERE state < 2 AND {} ORDER BY state, id", kDocumentColumns, condition));
        std::vector<DocumentInfo> found;
        rows.bind(args...);
        while (rows.step()) found.push_back(document_from(rows));
        return found;
    });
}

template <class... Args>
Result<std::vector<Page>> pages_where(Database& database, std::string_view condition, const Args&... args) {
    return guarded([&] {
        auto connection = database.reader();
        Statement rows =
            connection->prepare(fmt::format("SELECT {} FROM pages WHERE {} ORDER BY number", kPageColumns, condition));
        std::vector<Page> pages;
        rows.bind(args...);
        while (rows.step()) pages.push_back(page_from(rows));
        return pages;
    });
}

} // namespace

Result<std::unique_ptr<Library>> Library::open(const std::filesystem::path& folder, Access access) {
    auto database = Database::open(folder, access);
    if (!database) return database.error();
    return std::make_unique<Library>(*database);
}

Result<std::vector<DocumentInfo>> Library::list() const {
    auto found = documents_where(*database_, "TRUE");
    if (found) std::sort(found->begin(), found->end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return found;
}

Result<std::optional<DocumentInfo>> Library::document(DocumentId id) const {
    auto found = documents_where(*database_, "id = ?", id);
    if (!found) return found.error();
    if (found->empty()) return std::optional<DocumentInfo>();
    return std::optional<DocumentInfo>(std::move(found->front()));
}

Result<std::vector<DocumentInfo>> Library::find_by_path(const std::string& path) const {
    return documents_where(*database_, "path = ?", path);
}

Result<std::vector<DocumentInfo>> Library::find_by_hash(const Hash128& hash) const {
    return documents_where(*database_, "hash = ?", hash.hex());
}

Result<std::vector<DocumentInfo>> Library::arriving_documents() const {
    return documents_where(*database_, "state = 1");
}

Result<std::vector<Page>> Library::stored_pages(DocumentId document) const {
    return pages_where(*database_, "document = ?", document);
}

Result<std::vector<Page>> Library::pages(DocumentId document, int first, int count) const {
    return pages_where(*database_, "document = ? AND number >= ? AND number < ?", document, first,
                       int64_t(first) + count);
}

Result<std::optional<Page>> Library::page(DocumentId document, int number) const {
    auto found = pages(document, number, 1);
    if (!found) return found.error();
    if (found->empty()) return std::optional<Page>();
    return std::optional<Page>(std::move(found->front()));
}

Result<std::string> Library::page_label(DocumentId document, int number) const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement row = connection->prepare("SELECT label FROM pages WHERE document = ? AND number = ?");
        return row.bind(document, number).step() ? row.text(0) : std::string();
    });
}

Result<std::vector<Section>> Library::sections(DocumentId document) const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement rows = connection->prepare(
            "SELECT id, parent, level, title, page, start FROM sections WHERE document = ? ORDER BY id");
        rows.bind(document);
        std::vector<Section> sections;
        while (rows.step())
            sections.push_back({static_cast<int>(rows.integer(0)), static_cast<int>(rows.integer(1)),
                                static_cast<int>(rows.integer(2)), rows.text(3), static_cast<int>(rows.integer(4)),
                                static_cast<uint64_t>(rows.integer(5))});
        return sections;
    });
}

Result<std::vector<StoredChunk>> Library::chunks(DocumentId document, int first_ordinal, int count) const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement rows = connection->prepare(
            fmt::format("SELECT {} FROM chunks WHERE document = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal",
                        kChunkColumns));
        rows.bind(document, first_ordinal, int64_t(first_ordinal) + count);
        CanonicalText text(*connection, document);
        std::vector<StoredChunk> chunks;
        while (rows.step()) {
            chunks.push_back(chunk_from(rows));
            chunks.back().chunk.text = text.slice(chunks.back().chunk.start, chunks.back().chunk.end);
        }
        return chunks;
    });
}

Result<std::vector<StoredChunk>> Library::chunks(std::span<const ChunkId> ids) const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement row = connection->prepare(fmt::format("SELECT {} FROM chunks WHERE id = ?", kChunkColumns));
        std::map<DocumentId, CanonicalText> texts;
        std::vector<StoredChunk> chunks;
        for (const ChunkId id : ids) {
            if (!row.bind(id).step()) continue;
            StoredChunk chunk = chunk_from(row);
            auto& text = texts.try_emplace(chunk.document, *connection, chunk.document).first->second;
            chunk.chunk.text = text.slice(chunk.chunk.start, chunk.chunk.end);
            chunks.push_back(std::move(chunk));
        }
        return chunks;
    });
}

Result<uint64_t> Library::text_bytes(DocumentId document) const {
    return guarded([&] {
        return static_cast<uint64_t>(database_->reader()->integer(
            "SELECT start + bytes FROM pages WHERE document = ? ORDER BY start DESC LIMIT 1", document));
    });
}

Result<std::string> Library::text(DocumentId document, uint64_t start, uint64_t end) const {
    return guarded([&] {
        auto connection = database_->reader();
        return CanonicalText(*connection, document).slice(start, end);
    });
}

Result<std::vector<PageBox>> Library::boxes(DocumentId document, uint64_t start, uint64_t end) const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement rows = connection->prepare(
            fmt::format("SELECT {}, start FROM pages WHERE document = ?1 AND start < ?3 AND start >= "
                        "(SELECT max(start) FROM pages WHERE document = ?1 AND start <= ?2) ORDER BY number",
                        kPageColumns));
        rows.bind(document, start, end);
        std::vector<PageBox> boxes;
        while (rows.step()) {
            const Page page = page_from(rows);
            const auto page_start = static_cast<uint64_t>(rows.integer(7));
            const uint64_t from = std::max(start, page_start) - page_start;
            const uint64_t to = std::min<uint64_t>(end - page_start, page.text.size());
            if (from >= to) continue;
            const auto lines = boxes_of_range(page, static_cast<uint32_t>(from), static_cast<uint32_t>(to));
            boxes.insert(boxes.end(), lines.begin(), lines.end());
        }
        return boxes;
    });
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The documents of a library: what was read from them, as it was read, and the pieces that search finds.
///
/// How a file comes in: begin_document(), then append() as pages arrive (searchable at once, marked as arriving), then
/// finish_document(). A killed program leaves an arriving document; begin_document() with the same path and content
/// goes on with it, stored_pages() tells what is there, and appending something twice changes nothing. How it goes:
/// remove() erases it: rows, words, vectors, the quotes and prompts in chats, and what the log still held.
///
/// Thread safe. Reads take a connection of their own and never wait for a writer; writes come one at a time and need
/// Access::Write (else NoPermission). Any call can fail with Damaged, DiskFull, Busy or OutOfMemory; a failed write
/// leaves the library as it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/hash.h"
#include "ingest/document/document.h"
#include "retrieval/store/database.h"
#include "retrieval/store/ids.h"

namespace lectern {

/// What is known about a file before it is read.
struct DocumentDraft {
    std::string path;
    std::string name; ///< as shown, and searched
    std::string kind; ///< "pdf", "docx", …
    Hash128 hash;     ///< of the file's bytes
    uint64_t bytes = 0;
    int64_t mtime_ns = 0;
    std::string extractor;              ///< name and version of what reads it
    std::optional<DocumentId> replaces; ///< the complete document of the same path whose content has changed
};

struct DocumentEnd {
    Outcome outcome = Outcome::Ready;
    PageCounts counts;
    std::string title;   ///< as the document names itself; may be empty
    std::string message; ///< one sentence where the outcome is not ready
};

struct DocumentInfo {
    DocumentId id{};
    std::string path, name, kind;
    Hash128 hash;
    uint64_t bytes = 0;
    int64_t mtime_ns = 0;
    std::string extractor;
    int revision = 1; ///< counts the contents that this path has had
    std::optional<DocumentId> replaces;
    bool arriving = false;
    std::string title;
    Outcome outcome = Outcome::Cancelled; ///< of an arriving document: cancelled
    std::string message;
    PageCounts counts;    ///< of an arriving document: what is stored so far
    int64_t added_ms = 0; ///< Unix time
};

struct StoredChunk {
    ChunkId id{};
    DocumentId document{};
    Chunk chunk; ///< without boxes: ask Library::boxes()
};

struct Problem {
    std::string what, where, repair;
};

/// A chunk that an encoder has not seen yet.
struct ChunkToEmbed {
    ChunkId id{};
    std::string heading, text;
};

enum class Rebuild { Words, Vectors };

class Library {
public:
    static Result<std::unique_ptr<Library>> open(const std::filesystem::path& folder, Access access);
    explicit Library(std::shared_ptr<Database> database) : database_(std::move(database)) {}
    const std::shared_ptr<Database>& database() const { return database_; } ///< for ChatStore, JobStore, SettingsStore

    // Finding documents. Those being removed are nowhere to be seen.
    Result<std::vector<DocumentInfo>> list() const; ///< by id
    Result<std::optional<DocumentInfo>> document(DocumentId id) const;
    Result<std::vector<DocumentInfo>> find_by_path(const std::string& path) const; ///< complete ones first
    Result<std::vector<DocumentInfo>> find_by_hash(const Hash128& hash) const;     ///< complete ones first
    Result<std::vector<DocumentInfo>> arriving_documents() const;

    // Adding.
    /// A new arriving document, or the arriving one of the same path, content and extractor. Another arriving document
    /// of the same path (the file changed again) is given up.
    Result<DocumentId> begin_document(const DocumentDraft& draft);
    /// Stores what is not there yet (pages by number, sections by id, chunks by ordinal) in transactions of at most 50
    /// ms. Pages come in order without gaps; a chunk comes with or after its pages and its section. Errors: NotFound
    /// (no such arriving document), Internal (a gap, or a chunk whose text is not the text of its pages).
    Result<void> append(DocumentId document, std::span<const Page> pages, std::span<const Section> sections,
                        std::span<const Chunk> chunks, std::stop_token stop = {});
    /// The document is complete. Where it replaces another and is ready or partial, the other disappears in the same
    /// moment and its id is returned; where it is neither, it disappears itself and the other stays. Call
    /// erase_removed() when idle.
    Result<std::optional<DocumentId>> finish_document(DocumentId document, const DocumentEnd& end);
    /// Same content at the same path, but a new time stamp.
    Result<void> set_mtime(DocumentId document, int64_t mtime_ns);

    // Reading.
    Result<std::vector<Page>> stored_pages(DocumentId document) const; ///< all, equal to what was appended
    Result<std::vector<Page>> pages(DocumentId document, int first, int count) const;
    Result<std::optional<Page>> page(DocumentId document, int number) const;
    Result<std::string> page_label(DocumentId document, int number) const; ///< without reading the page
    Result<std::vector<Section>> sections(DocumentId document) const;
    Result<std::vector<StoredChunk>> chunks(DocumentId document, int first_ordinal, int count) const;
    Result<std::vector<StoredChunk>>
    chunks(std::span<const ChunkId> ids) const;             ///< in the order asked; missing ones left out
    Result<uint64_t> text_bytes(DocumentId document) const; ///< length of the canonical text
    Result<std::string> text(DocumentId document, uint64_t start, uint64_t end) const; ///< bytes of the canonical text
    Result<std::vector<PageBox>> boxes(DocumentId document, uint64_t start, uint64_t end) const; ///< one a line

    // Vectors. An encoder is known by its id and dimension; two never mix.
    /// The next `limit` chunks after `after` (0: from the start) without a vector, by id; empty at the end.
    Result<std::vector<ChunkToEmbed>> chunks_to_embed(const std::string& encoder, int dim, ChunkId after,
                                                      int limit) const;
    Result<uint64_t> count_to_embed(const std::string& encoder, int dim) const;
    /// `vectors` [chunks, dim], L2-normalised. Chunks that are gone by now are left out. VectorIndex::store()
    /// does this and takes them in.
    struct StoredVectors {
        int64_t generation = 0;
        std::vector<DocumentId> documents; ///< of each chunk; 0: it is gone
    };
    Result<StoredVectors> store_vectors(const std::string& encoder, int dim, std::span<const ChunkId> chunks,
                                        std::span<const float> vectors);
    /// Frees what other encoders left behind; call it when this one has seen every chunk.
    Result<void> drop_other_vectors(const std::string& encoder, int dim);
    /// Changes with every vector that comes or goes; 0 where the encoder has none.
    Result<int64_t> vectors_generation(const std::string& encoder, int dim) const;
    struct VectorBatch {
        std::vector<ChunkId> chunks;
        std::vector<DocumentId> documents; ///< of each chunk
        std::vector<float> vectors;        ///< [chunks, dim]
    };
    /// All vectors, by chunk, in batches, of one moment; returns the generation of that moment.
    Result<int64_t> read_vectors(const std::string& encoder, int dim,
                                 const std::function<Result<void>(const VectorBatch&)>& take,
                                 std::stop_token stop = {}) const;

    // Removing.
    /// Gone from every list when it returns, and erased from the files. Stopped or failed half-way it is gone from the
    /// lists; erase_removed() does the rest. Errors: Busy (erased but for the log, which a long read still needs).
    Result<void> remove(std::span<const DocumentId> documents, std::stop_token stop = {});
    /// Erases what was removed, replaced or given up; cheap when there is nothing to do.
    Result<void> erase_removed(std::stop_token stop = {});

    // Health.
    /// Looks at everything; seconds for a large library. The word index's inside is checked with Access::Write only.
    Result<std::vector<Problem>> verify(std::stop_token stop = {}) const;
    /// Words: made anew from the pages, in one transaction. Vectors: those of wrong size and the cache files go; open
    /// the VectorIndex afterwards.
    Result<void> rebuild(Rebuild what, std::stop_token stop = {});

private:
    std::shared_ptr<Database> database_;
};

} // namespace lectern

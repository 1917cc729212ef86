// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A library that is open: its store, its search, the sandboxed parser and the encoder, put together once.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "engine/base/error.h"
#include "ingest/worker/parse_process.h"
#include "retrieval/dense/vector_index.h"
#include "retrieval/search/searcher.h"
#include "retrieval/store/chat_store.h"
#include "retrieval/store/library.h"

namespace lectern {

/// Thread safe: what it gives out may be used from any thread.
class LibrarySession {
public:
    struct Options {
        std::filesystem::path folder;
        Access access = Access::Write;
        std::filesystem::path encoder; ///< GGUF of the encoder; a file that is not there means search by words only
        int threads = 0;
    };
    /// Errors: as Library::open. A missing or damaged encoder is no error: encoder_note() says it.
    static Result<std::unique_ptr<LibrarySession>> open(const Options& options);
    ~LibrarySession();

    Library& library() { return *library_; }
    ChatStore& chats() { return *chats_; }
    bool writable() const { return options_.access == Access::Write; }
    const std::filesystem::path& folder() const { return options_.folder; }
    /// Errors: NotFound (lectern-parse is not installed).
    Result<ParseProcess> parser() const { return ParseProcess::find(); }

    Result<SearchResult> search(const Query& query, std::stop_token stop);

    /// Removes documents, from the vectors in memory too. Errors: as Library::remove.
    Result<void> remove(std::span<const DocumentId> documents, std::stop_token stop);

    /// Gives a vector to every chunk that has none, in batches. `progress` gets chunks done and in all.
    /// Errors: Cancelled, DiskFull, …; nothing to do without an encoder.
    Result<void> embed_pending(const std::function<void(int64_t, int64_t)>& progress, std::stop_token stop);
    /// Why there are no vectors: a sentence; empty where there are.
    const std::string& encoder_note() const { return encoder_note_; }

    /// Passwords of documents, kept in memory only, for showing their pages.
    void remember_password(const std::string& path, std::string password);
    std::string password_of(const std::string& path) const;

private:
    explicit LibrarySession(Options options) : options_(std::move(options)) {}
    void open_encoder();

    Options options_;
    std::unique_ptr<Library> library_;
    std::unique_ptr<ChatStore> chats_;
    std::unique_ptr<Embedder> embedder_;
    std::unique_ptr<VectorIndex> vectors_;
    std::unique_ptr<Searcher> searcher_;
    std::string encoder_note_;
    std::mutex embedding_; // one embed_pending at a time
    mutable std::mutex password_mutex_; // guards passwords_
    std::unordered_map<std::string, std::string> passwords_;
};

} // namespace lectern

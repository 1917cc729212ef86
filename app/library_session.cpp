// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/library_session.h"

#include <fmt/format.h>

#include "app/encoder_embedder.h"
#include "engine/base/log.h"

namespace lectern {

LibrarySession::~LibrarySession() = default;

Result<std::unique_ptr<LibrarySession>> LibrarySession::open(const Options& options) {
    std::unique_ptr<LibrarySession> session(new LibrarySession(options));
    auto library = Library::open(options.folder, options.access);
    if (!library) return library.error();
    session->library_ = std::move(*library);
    session->chats_ = std::make_unique<ChatStore>(session->library_->database());
    session->open_encoder();
    session->searcher_ =
        std::make_unique<Searcher>(*session->library_, session->vectors_.get(), session->embedder_.get());
    return session;
}

void LibrarySession::open_encoder() {
    std::error_code ec;
    if (!std::filesystem::exists(options_.encoder, ec)) {
        encoder_note_ = "The encoder is not installed: search is by words only.";
        return;
    }
    auto embedder = EncoderEmbedder::open(options_.encoder, options_.threads);
    if (!embedder) {
        encoder_note_ = fmt::format("The encoder cannot be used, search is by words only: {}", embedder.error().message);
        log("app").warning(encoder_note_);
        return;
    }
    auto vectors = VectorIndex::open(*library_, (*embedder)->id(), (*embedder)->dim());
    if (!vectors) {
        encoder_note_ = fmt::format("The vectors cannot be used, search is by words only: {}", vectors.error().message);
        log("app").warning(encoder_note_);
        return;
    }
    embedder_ = std::move(*embedder);
    vectors_ = std::move(*vectors);
}

Result<SearchResult> LibrarySession::search(const Query& query, std::stop_token stop) {
    if (vectors_)
        if (auto fresh = vectors_->refresh(stop); !fresh) return fresh.error();
    auto result = searcher_->search(query, stop);
    if (result && query.mode == Mode::Hybrid && !encoder_note_.empty()) result->note = encoder_note_;
    return result;
}

Result<void> LibrarySession::remove(std::span<const DocumentId> documents, std::stop_token stop) {
    auto removed = library_->remove(documents, stop);
    if (!vectors_) return removed;
    // The documents are gone whatever happens to the cache, which is made anew when it is behind.
    if (auto fresh = vectors_->refresh(stop); !fresh) log("app").warning(fresh.error().message);
    if (auto saved = vectors_->save(); !saved) log("app").warning(saved.error().message);
    return removed;
}

Result<void> LibrarySession::embed_pending(const std::function<void(int64_t, int64_t)>& progress, std::stop_token stop) {
    if (!embedder_) return {};
    const std::lock_guard lock(embedding_);
    // Small enough to stop within a moment, large enough that the transaction is no share of the work.
    constexpr int kBatch = 16;
    const auto waiting = library_->count_to_embed(embedder_->id(), embedder_->dim());
    if (!waiting) return waiting.error();
    const auto total = int64_t(*waiting);
    int64_t done = 0;
    ChunkId after{};
    for (;;) {
        const auto batch = library_->chunks_to_embed(embedder_->id(), embedder_->dim(), after, kBatch);
        if (!batch) return batch.error();
        if (batch->empty()) break;
        std::vector<ChunkId> ids;
        std::vector<std::string> texts;
        for (const ChunkToEmbed& chunk : *batch) {
            ids.push_back(chunk.id);
            texts.push_back(chunk.heading.empty() ? chunk.text : chunk.heading + "\n" + chunk.text);
        }
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        std::vector<float> vectors(ids.size() * size_t(embedder_->dim()));
        if (auto embedded = embedder_->embed(views, vectors, stop); !embedded) return embedded;
        if (auto stored = vectors_->store(ids, vectors); !stored) return stored;
        after = ids.back();
        done += int64_t(ids.size());
        if (progress) progress(done, total);
    }
    if (auto dropped = library_->drop_other_vectors(embedder_->id(), embedder_->dim()); !dropped) return dropped;
    return done > 0 ? vectors_->save() : Result<void>();
}

void LibrarySession::remember_password(const std::string& path, std::string password) {
    const std::lock_guard lock(password_mutex_);
    passwords_[path] = std::move(password);
}

std::string LibrarySession::password_of(const std::string& path) const {
    const std::lock_guard lock(password_mutex_);
    const auto found = passwords_.find(path);
    return found == passwords_.end() ? std::string() : found->second;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/context_packer.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace lectern {

Result<PackedContext> pack_passages(LibrarySession& library, const PromptBuilder& prompts, const std::string& question,
                                    const std::vector<DocumentId>& scope, int64_t budget, std::stop_token stop) {
    const auto documents = library.library().list();
    if (!documents) return documents.error();
    if (documents->empty())
        return Error{ErrorKind::NotFound, "The library is empty: add documents before asking about them."};
    Query query;
    query.text = question;
    query.scope.documents = scope;
    query.k = prompts.layout().passages;
    auto found = library.search(query, stop);
    if (!found) return found.error();

    PackedContext packed;
    packed.note = found->note;
    budget = std::min(budget, prompts.layout().passages_tokens);
    std::vector<Passage> chosen;
    for (Passage& passage : found->passages) { // best first
        const int64_t tokens = prompts.passage_tokens({int(chosen.size()) + 1, passage.text});
        if (tokens > budget && !chosen.empty()) continue;
        budget -= tokens;
        chosen.push_back(std::move(passage));
    }
    // Pages in order, and the document that search likes best nearest to the question.
    std::map<DocumentId, float> best;
    for (const Passage& passage : chosen) best.try_emplace(passage.document, passage.score);
    std::stable_sort(chosen.begin(), chosen.end(), [&](const Passage& a, const Passage& b) {
        if (a.document != b.document) {
            const float x = best[a.document], y = best[b.document];
            return x != y ? x < y : a.document < b.document;
        }
        return a.start < b.start;
    });
    for (Passage& passage : chosen) {
        packed.passages.push_back({int(packed.passages.size()) + 1, number(passage.document), passage.name, passage.start, std::move(passage.text)});
        packed.first_pages.push_back(passage.first_page);
    }
    return packed;
}

Result<PackedContext> pack_document(LibrarySession& library, const PromptBuilder& prompts, DocumentId id, int64_t budget,
                                    std::stop_token stop) {
    const auto document = library.library().document(id);
    if (!document) return document.error();
    if (!*document) return Error{ErrorKind::NotFound, fmt::format("There is no document {} in the library.", number(id))};
    PackedContext packed;
    packed.mode = PromptMode::Document;
    if ((*document)->arriving) {
        packed.as_of_page = (*document)->counts.all();
        packed.note = fmt::format("{} is still arriving: as of page {}.", (*document)->name, (*document)->counts.all());
    }
    constexpr int kBatch = 256;
    bool full = false;
    int last_page = 0;
    for (int first = 1;; first += kBatch) {
        if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "The answer was stopped."};
        auto chunks = library.library().chunks(id, first, kBatch);
        if (!chunks) return chunks.error();
        for (StoredChunk& stored : *chunks) {
            Chunk& chunk = stored.chunk;
            last_page = std::max(last_page, chunk.last_page);
            const int64_t tokens = full ? 0 : prompts.passage_tokens({chunk.ordinal, chunk.text});
            if (!full && tokens > budget) {
                full = true;
                packed.left_out.push_back({number(id), chunk.first_page, 0, "it does not fit the model's trained length"});
            }
            if (full) continue;
            budget -= tokens;
            packed.passages.push_back({chunk.ordinal, number(id), (*document)->name, chunk.start, std::move(chunk.text)});
            packed.first_pages.push_back(chunk.first_page);
        }
        if (int(chunks->size()) < kBatch) break;
    }
    if (packed.passages.empty())
        return Error{ErrorKind::NotFound, fmt::format("{} has no text that could be read.", (*document)->name)};
    if (full) {
        packed.left_out.front().last_page = last_page;
        packed.note = fmt::format("Pages {} to {} of {} do not fit the model and were left out.", packed.left_out.front().first_page,
                                  last_page, (*document)->name);
    }
    return packed;
}

} // namespace lectern

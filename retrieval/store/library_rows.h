// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Inside store: how rows become values, and the one way words go in and out of the word index.
#pragma once

#include "retrieval/store/library.h"
#include "retrieval/store/sqlite.h"

namespace lectern {

/// documents.state
enum class DocumentState : int { Complete = 0, Arriving = 1, Leaving = 2 };

extern const char* const kDocumentColumns;
DocumentInfo document_from(Statement& row);
Outcome outcome_from(std::string_view text); ///< throws Damaged

extern const char* const kPageColumns; ///< number, label, source, width_pt, height_pt, text, layout
Page page_from(Statement& row);        ///< throws Damaged

extern const char* const kChunkColumns; ///< id, document, ordinal, start, end, first_page, last_page, section, heading
StoredChunk chunk_from(Statement& row); ///< without text

/// Adds and removes rows of the word index. It keeps no copy of the text (content=''), so a removal must repeat exactly
/// the text, heading and name that were added: without them the postings would stay behind and damage it.
class WordIndexWriter {
public:
    explicit WordIndexWriter(Connection& connection);
    void add(ChunkId id, const std::string& text, const std::string& heading, const std::string& name);
    void remove(ChunkId id, const std::string& text, const std::string& heading, const std::string& name);

private:
    Statement add_, remove_;
};

/// Counts one change for every encoder that has a vector in the document.
void bump_generations(Connection& connection, DocumentId document);

int64_t now_ms();

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Ranked search in the word index: BM25 over a chunk's text, its heading and its document's name.
#pragma once

#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "retrieval/search/scored_chunk.h"
#include "retrieval/store/database.h"
#include "retrieval/store/ids.h"

namespace lectern {

/// The `k` best chunks for whatever the user typed, best first. Words may occur, "phrases in quotes" must. `scope`
/// empty: all documents, also arriving ones. Up to some 100k chunks this takes tens of milliseconds. Errors: Damaged
/// (rebuild the words), Cancelled.
Result<std::vector<ScoredChunk>> lexical_search(Database& database, std::string_view text,
                                                std::span<const DocumentId> scope, int k, std::stop_token stop);

} // namespace lectern

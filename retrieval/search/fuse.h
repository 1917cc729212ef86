// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Joining and thinning of ranked lists.
#pragma once

#include <span>
#include <vector>

#include "engine/base/hash.h"
#include "retrieval/search/scored_chunk.h"

namespace lectern {

/// Reciprocal rank fusion: a chunk's score is the sum of 1 / (60 + rank) over the lists that hold it, rank from 1. Each
/// chunk comes out once; equal scores are ordered by chunk. Source: Cormack, Clarke, Buettcher 2009 (SIGIR).
std::vector<ScoredChunk> fuse(std::span<const std::vector<ScoredChunk>> lists);

/// The same for texts that differ only in case, spaces and punctuation.
Hash128 near_duplicate_hash(std::string_view text);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A chunk that a search found, and how well.
#pragma once

#include "retrieval/store/ids.h"

namespace lectern {

struct ScoredChunk {
    ChunkId chunk{};
    float score = 0; ///< higher is better; comparable within one search only
    bool operator==(const ScoredChunk&) const = default;
};

} // namespace lectern

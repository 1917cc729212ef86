// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Cuts the canonical text into chunks: what search finds and citations show.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "ingest/document/document.h"

namespace lectern {

/// A chunk weighs at most this many characters, a CJK character four: about 220 tokens of the encoder.
constexpr size_t kMaxChunkWeight = 900;
/// A paragraph that does not fit whole begins a new chunk if the one before weighs at least this much.
constexpr size_t kGoodChunkWeight = 450;

/// Takes blocks in reading order and gives chunks as soon as they are decided. Paragraphs are packed whole where they fit,
/// else by sentences. A chunk ends at a section's border, before furniture, and before a page without text; otherwise it
/// goes on over the page's end. What it decides depends only on texts, ranges and the calls' order.
class Chunker {
public:
    /// A page begins at `start` of the canonical text. Pages come in order, blocks of a page after it. The chunker keeps a copy
    /// of the pages that the open chunk touches.
    void begin_page(const Page& page, uint64_t start);
    /// A block of that page which is no furniture. `lines`: each line is a unit (tables).
    void add_block(const Block& block, bool lines);
    /// Ends the open chunk; what follows belongs to `section`.
    void begin_section(int section, const std::string& heading);
    /// Ends the open chunk: furniture, a gap, the end.
    void cut();

    std::vector<Chunk> take();

private:
    struct KeptPage {
        Page page;
        uint64_t start = 0;
    };
    std::string canonical(uint64_t start, uint64_t end) const;
    bool fits(uint64_t end) const;
    void add_unit(uint64_t start, uint64_t end);

    std::deque<KeptPage> pages_;
    std::vector<Chunk> done_;
    bool open_ = false;
    uint64_t start_ = 0, end_ = 0; ///< of the open chunk
    int section_ = 0;
    std::string heading_;
    int chunks_ = 0;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/chunker.h"

#include <algorithm>
#include <utility>

#include "engine/base/ensure.h"
#include "ingest/structure/sentences.h"

namespace lectern {

void Chunker::begin_page(const Page& page, uint64_t start) {
    if (!open_)
        pages_.clear();
    pages_.push_back({page, start});
}

std::string Chunker::canonical(uint64_t start, uint64_t end) const {
    std::string text;
    for (const KeptPage& kept : pages_) {
        const uint64_t stop = kept.start + kept.page.text.size();
        if (stop < start)
            continue;
        if (kept.start >= end)
            break;
        const uint64_t from = std::max(start, kept.start) - kept.start;
        text += kept.page.text.substr(from, std::min(end, stop) - kept.start - from);
        if (end > stop)
            text += '\f';
    }
    return text;
}

bool Chunker::fits(uint64_t end) const { return text_weight(canonical(start_, end)) <= kMaxChunkWeight; }

void Chunker::add_unit(uint64_t start, uint64_t end) {
    if (open_ && !fits(end))
        cut();
    if (!open_) {
        open_ = true;
        start_ = start;
    }
    end_ = end;
}

void Chunker::add_block(const Block& block, bool lines) {
    ENSURE(!pages_.empty(), "a block before its page");
    const KeptPage& kept = pages_.back();
    const uint64_t base = kept.start + block.start;
    const std::string text = kept.page.text.substr(block.start, block.end - block.start);
    if (open_ && !fits(kept.start + block.end) && text_weight(canonical(start_, end_)) >= kGoodChunkWeight)
        cut();
    for (const TextRange& unit : split_sentences(text, kMaxChunkWeight, lines))
        add_unit(base + unit.start, base + unit.end);
}

void Chunker::begin_section(int section, const std::string& heading) {
    cut();
    section_ = section;
    heading_ = heading;
}

void Chunker::cut() {
    if (!open_)
        return;
    open_ = false;
    Chunk chunk;
    chunk.ordinal = ++chunks_;
    chunk.start = start_;
    chunk.end = end_;
    chunk.section = section_;
    chunk.heading = heading_;
    chunk.text = canonical(start_, end_);
    for (const KeptPage& kept : pages_) {
        const uint64_t stop = kept.start + kept.page.text.size();
        if (stop <= start_ || kept.start >= end_)
            continue;
        if (chunk.first_page == 0)
            chunk.first_page = kept.page.number;
        chunk.last_page = kept.page.number;
        const auto from = static_cast<uint32_t>(std::max(start_, kept.start) - kept.start);
        const auto to = static_cast<uint32_t>(std::min(end_, stop) - kept.start);
        for (const PageBox& box : boxes_of_range(kept.page, from, to))
            chunk.boxes.push_back(box);
    }
    done_.push_back(std::move(chunk));
    while (pages_.size() > 1)
        pages_.pop_front();
}

std::vector<Chunk> Chunker::take() { return std::exchange(done_, {}); }

} // namespace lectern

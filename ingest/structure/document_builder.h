// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// From pages as the parse process gives them to pages with final block kinds, sections and chunks.
///
///     DocumentBuilder builder(FileKind::Pdf);
///     for each page: builder.add(page); store(builder.take_pages(), builder.take_sections(), builder.take_chunks());
///     builder.finish();  store(… once more …)
///
/// Structure is decided in windows of 32 pages: pages leave at the end of their window, and chunks and sections with them,
/// but for the chunk that is still open. Decisions depend only on texts, places, sizes and weights, not on the kinds that
/// blocks come with (TableRow aside, which stays): pages that were stored with final kinds can be fed again, after a crash,
/// and give the same sections and chunks, with the same numbers; the caller skips what it has.
#pragma once

#include <cstdint>
#include <vector>

#include "ingest/document/document.h"
#include "ingest/structure/chunker.h"
#include "ingest/structure/furniture.h"
#include "ingest/structure/headings.h"
#include "ingest/worker/parse_values.h"

namespace lectern {

constexpr size_t kStructureWindow = 32;

class DocumentBuilder {
public:
    explicit DocumentBuilder(FileKind kind);

    /// Pages from 1 on, without gaps (Blank and Failed ones too).
    void add(Page page);
    /// No more pages; everything can be taken. Call once.
    void finish();

    std::vector<Page> take_pages();
    std::vector<Section> take_sections();
    std::vector<Chunk> take_chunks();
    /// Where the next page will begin in the canonical text.
    uint64_t canonical_size() const { return next_start_; }

private:
    void close_window();
    void walk(Page& page, const std::vector<bool>& furniture);
    void begin_section(const SectionStart& start, const Page& page, uint64_t at);

    FileKind kind_;
    FurnitureFinder furniture_;
    HeadingFinder headings_;
    Chunker chunker_;
    std::vector<Page> window_;
    std::vector<Page> pages_;
    std::vector<Section> sections_;
    struct OpenSection {
        int id, rank;
        std::string title;
    };
    std::vector<OpenSection> path_; ///< from the top to the innermost open section
    int section_count_ = 0;
    int page_count_ = 0;
    uint64_t next_start_ = 0;
    bool finished_ = false;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/document_builder.h"

#include <utility>

#include "engine/base/ensure.h"
#include "ingest/structure/line_text.h"

namespace lectern {

DocumentBuilder::DocumentBuilder(FileKind kind) : kind_(kind), headings_(kind == FileKind::Markdown) {}

void DocumentBuilder::add(Page page) {
    ENSURE(!finished_, "a page after finish()");
    ENSURE(page.number == page_count_ + 1, "pages come in order, without gaps");
    ++page_count_;
    window_.push_back(std::move(page));
    if (window_.size() == kStructureWindow)
        close_window();
}

void DocumentBuilder::finish() {
    ENSURE(!finished_, "finish() called twice");
    finished_ = true;
    close_window();
    chunker_.cut();
}

void DocumentBuilder::close_window() {
    const auto furniture = furniture_.judge(window_);
    headings_.learn(window_, furniture);
    for (size_t i = 0; i < window_.size(); ++i) {
        walk(window_[i], furniture[i]);
        pages_.push_back(std::move(window_[i]));
    }
    window_.clear();
}

void DocumentBuilder::walk(Page& page, const std::vector<bool>& furniture) {
    const uint64_t start = next_start_;
    next_start_ += page.text.size() + 1; // the form feed between pages
    if (page.text.empty())
        chunker_.cut();
    chunker_.begin_page(page, start);
    for (size_t b = 0; b < page.blocks.size(); ++b) {
        Block& block = page.blocks[b];
        if (furniture[b]) {
            block.kind = BlockKind::Furniture;
            chunker_.cut();
            continue;
        }
        const bool table = block.kind == BlockKind::TableRow;
        if (!table)
            block.kind = kind_of_text(std::string_view(page.text).substr(block.start, block.end - block.start));
        if (const auto section = headings_.judge(page, block)) {
            if (section->heading)
                block.kind = BlockKind::Heading;
            begin_section(*section, page, start + block.start);
        }
        chunker_.add_block(block, table);
    }
}

void DocumentBuilder::begin_section(const SectionStart& start, const Page& page, uint64_t at) {
    while (!path_.empty() && path_.back().rank >= start.rank)
        path_.pop_back();
    Section section;
    section.id = ++section_count_;
    section.parent = path_.empty() ? 0 : path_.back().id;
    section.level = static_cast<int>(path_.size()) + 1;
    section.title = start.title;
    section.page = page.number;
    section.start = at;
    path_.push_back({section.id, start.rank, start.title});
    std::string heading;
    for (const OpenSection& open : path_)
        heading += (heading.empty() ? "" : " › ") + open.title;
    sections_.push_back(std::move(section));
    chunker_.begin_section(section_count_, heading);
}

std::vector<Page> DocumentBuilder::take_pages() { return std::exchange(pages_, {}); }
std::vector<Section> DocumentBuilder::take_sections() { return std::exchange(sections_, {}); }
std::vector<Chunk> DocumentBuilder::take_chunks() { return chunker_.take(); }

} // namespace lectern

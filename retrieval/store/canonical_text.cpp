// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/canonical_text.h"

#include <algorithm>

namespace lectern {

CanonicalText::CanonicalText(Connection& connection, DocumentId document)
    : document_(document),
      by_offset_(connection.prepare(
          "SELECT number, start, text FROM pages WHERE document = ? AND start <= ? ORDER BY start DESC LIMIT 1")),
      by_number_(connection.prepare("SELECT number, start, text FROM pages WHERE document = ? AND number = ?")) {}

const CanonicalText::PageText* CanonicalText::keep(Statement& row) {
    if (!row.step()) return nullptr;
    if (kept_.size() == kKept) kept_.pop_front();
    kept_.push_back({row.integer(0), static_cast<uint64_t>(row.integer(1)), row.text(2)});
    row.reset(); // ends the read, so that no statement stays open between slices
    return &kept_.back();
}

const CanonicalText::PageText* CanonicalText::page_at(uint64_t offset) {
    for (const PageText& page : kept_)
        if (offset >= page.start && offset <= page.start + page.text.size()) return &page;
    return keep(by_offset_.bind(document_, offset));
}

const CanonicalText::PageText* CanonicalText::page_numbered(int64_t number) {
    for (const PageText& page : kept_)
        if (page.number == number) return &page;
    return keep(by_number_.bind(document_, number));
}

std::string CanonicalText::slice(uint64_t start, uint64_t end) {
    std::string slice;
    const PageText* page = start < end ? page_at(start) : nullptr;
    while (page) {
        const int64_t number = page->number;
        const uint64_t page_end = page->start + page->text.size();
        const uint64_t from = std::max(start, page->start);
        if (from < page_end) slice.append(page->text, from - page->start, std::min(end, page_end) - from);
        if (end <= page_end) break;
        page = page_numbered(number + 1);
        if (page && start <= page_end) slice += '\f';
    }
    return slice;
}

} // namespace lectern

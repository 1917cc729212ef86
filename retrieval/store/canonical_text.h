// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Slices of a document's canonical text, read from its pages.
#pragma once

#include <deque>
#include <string>

#include "retrieval/store/ids.h"
#include "retrieval/store/sqlite.h"

namespace lectern {

/// Keeps the last few pages it has read, because chunks are asked for in order and several share a page.
class CanonicalText {
public:
    CanonicalText(Connection& connection, DocumentId document);

    /// Bytes [start, end), cut to what is stored; pages are joined by U+000C.
    std::string slice(uint64_t start, uint64_t end);

private:
    struct PageText {
        int64_t number;
        uint64_t start;
        std::string text;
    };
    const PageText* page_at(uint64_t offset);
    const PageText* page_numbered(int64_t number);
    const PageText* keep(Statement& row);

    static constexpr size_t kKept = 4;
    DocumentId document_;
    Statement by_offset_, by_number_;
    std::deque<PageText> kept_;
};

} // namespace lectern

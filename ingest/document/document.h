// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What a document is once it has been read: pages of words with places, blocks, sections and chunks. Plain values that
/// cross processes and threads; nothing here knows a file format, a database or a model.
///
/// Coordinates: fractions of the page as it is shown (rotation applied, crop box), origin top left, x to the right,
/// y down. {0,0,1,1} is the whole page; {0.1, 0.2, 0.3, 0.22} is a word in the upper left part.
///
/// Offsets: bytes of UTF-8. A page's own text is Page::text; the document's canonical text is the pages' texts joined by
/// U+000C, one byte each. A page with no text still has its place in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lectern {

struct Box {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    bool operator==(const Box&) const = default;
};

/// A box on a page, as citations carry it.
struct PageBox {
    int page = 0; ///< from 1
    Box box;
    bool operator==(const PageBox&) const = default;
};

/// A word and the bytes of Page::text that it is: text.substr(start, end - start). A word that was broken at a line's end is
/// two Words that touch, one a line. Files without paper (plain text, Markdown) have pages of size 0 without words.
struct Word {
    uint32_t start = 0;
    uint32_t end = 0;
    Box box;
    bool operator==(const Word&) const = default;
};

enum class BlockKind : uint8_t { Paragraph, Heading, ListItem, TableRow, Furniture };

/// A run of lines that belong together, in reading order. Furniture (running headers, footers, page numbers) is part
/// of the page's text but of no chunk.
struct Block {
    BlockKind kind = BlockKind::Paragraph;
    uint32_t start = 0; ///< bytes of Page::text
    uint32_t end = 0;
    Box box;
    float font_size = 0; ///< median, in points; 0 if unknown
    bool bold = false;
    bool operator==(const Block&) const = default;
};

enum class PageSource : uint8_t { Text, Ocr, Blank, Failed };

struct Page {
    int number = 0; ///< from 1
    std::string label; ///< as printed: "iv", "A-12"; the number where the document has none
    PageSource source = PageSource::Blank;
    float width_pt = 0, height_pt = 0; ///< as shown
    std::string text;
    std::vector<Block> blocks; ///< in reading order, covering the text
    std::vector<Word> words;   ///< in text order
    bool operator==(const Page&) const = default;
};

/// A heading and what stands under it, down to the next heading of the same or a higher level.
struct Section {
    int id = 0;      ///< within the document, from 1, in reading order
    int parent = 0;  ///< 0 at the top
    int level = 1;
    std::string title;
    int page = 0;
    uint64_t start = 0; ///< bytes of the canonical text
    bool operator==(const Section&) const = default;
};

/// What search finds and citations show: a stretch of the canonical text that crosses no section border.
struct Chunk {
    int ordinal = 0;  ///< within the document, from 1; document mode writes [ordinal] before it
    uint64_t start = 0, end = 0; ///< bytes of the canonical text
    int first_page = 0, last_page = 0;
    int section = 0;  ///< Section::id, 0 if none
    std::string heading; ///< the path of headings, "14. Termination › 14.2"
    std::string text; ///< canonical text [start, end), edited nowhere
    std::vector<PageBox> boxes; ///< one a line
    bool operator==(const Chunk&) const = default;
};

/// How many pages of each kind a document has.
struct PageCounts {
    int text = 0;
    int ocr = 0;
    int blank = 0; ///< without text: empty, or a picture that nothing reads yet
    int failed = 0;
    int all() const { return text + ocr + blank + failed; }
    bool operator==(const PageCounts&) const = default;
};

/// How reading a file ended. The closed set of CONTRACTS section 7.
enum class Outcome : uint8_t {
    Ready, Partial, Empty, Locked, Damaged, Unsupported, TooLarge, NoPermission, NotFound, DiskFull, Duplicate, Unchanged,
    Cancelled,
};

std::string_view to_string(Outcome outcome); ///< snake_case
std::string_view to_string(PageSource source);
std::string_view to_string(BlockKind kind);

/// The boxes of the words that [start, end) of a page's text touches, joined where they stand on one line.
std::vector<PageBox> boxes_of_range(const Page& page, uint32_t start, uint32_t end);

} // namespace lectern

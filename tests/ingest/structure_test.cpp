// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <random>
#include <utility>

#include "ingest/structure/document_builder.h"
#include "ingest/structure/page_layout.h"
#include "ingest/structure/sentences.h"

using namespace lectern;

namespace {

struct Built {
    std::vector<Page> pages;
    std::vector<Section> sections;
    std::vector<Chunk> chunks;
};

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
    for (T& one : from)
        to.push_back(std::move(one));
}

void take(DocumentBuilder& builder, Built& built) {
    append(built.pages, builder.take_pages());
    append(built.sections, builder.take_sections());
    append(built.chunks, builder.take_chunks());
}

Built build(const std::vector<Page>& pages, FileKind kind = FileKind::Pdf) {
    DocumentBuilder builder(kind);
    Built built;
    for (const Page& page : pages) {
        builder.add(page);
        take(builder, built);
    }
    builder.finish();
    take(builder, built);
    return built;
}

/// Lays out lines on pages of 600 x 800 points.
class Typesetter {
public:
    void line(const std::string& text, float size = 10, bool bold = false, float y = -1) {
        if (y < 0) {
            y = y_;
            y_ += 1.2f * size;
        }
        float x = 60;
        for (size_t at = 0; at < text.size();) {
            const size_t end = std::min(text.find(' ', at), text.size());
            const float width = 0.5f * size * static_cast<float>(end - at);
            words_.push_back({text.substr(at, end - at), x, y, x + width, y + size, size, bold, true, 0});
            x += width + 0.3f * size;
            at = end + 1;
        }
    }
    void gap(float height = 14) { y_ += height; }
    void end_page() {
        Page page = layout_page(std::exchange(words_, {}), 600, 800);
        page.number = static_cast<int>(pages.size()) + 1;
        page.label = std::to_string(page.number);
        pages.push_back(std::move(page));
        y_ = 130;
    }
    std::vector<Page> pages;

private:
    std::vector<RawWord> words_;
    float y_ = 130;
};

/// Pages with running lines and body paragraphs of random length.
std::vector<Page> book(int pages, unsigned seed, bool running) {
    std::mt19937 random(seed);
    Typesetter set;
    for (int number = 1; number <= pages; ++number) {
        if (running)
            set.line("The Book of Tests, volume 7", 8, false, 30);
        for (int paragraph = 0; paragraph < 5; ++paragraph) {
            if (random() % 6 == 0) {
                set.line(std::to_string(1 + random() % 30) + ". Heading of a part", 14, true);
                set.gap();
            }
            const int lines = 1 + static_cast<int>(random() % 8);
            for (int i = 0; i < lines; ++i)
                set.line("word" + std::to_string(random() % 1000) + " and some more words to fill this line up" + (random() % 3 ? "" : ". Then"));
            set.gap();
        }
        if (running)
            set.line("Page " + std::to_string(number), 8, false, 770);
        set.end_page();
    }
    return std::move(set.pages);
}

std::string canonical_of(const std::vector<Page>& pages) {
    std::string text;
    for (const Page& page : pages)
        text += (page.number > 1 ? "\f" : "") + page.text;
    return text;
}

bool contains(const Box& outer, const Box& inner) {
    return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1;
}

/// What every chunk list must keep.
void check_chunks(const Built& built) {
    const std::string canonical = canonical_of(built.pages);
    std::string left = canonical; // what no chunk holds: blanked out below
    uint64_t page_start = 0;
    uint64_t at = 0;
    int ordinal = 0;
    for (const Chunk& chunk : built.chunks) {
        REQUIRE(chunk.ordinal == ++ordinal);
        REQUIRE(chunk.start >= at);
        REQUIRE(chunk.end > chunk.start);
        REQUIRE(chunk.end <= canonical.size());
        at = chunk.end;
        REQUIRE(chunk.text == canonical.substr(chunk.start, chunk.end - chunk.start));
        CHECK(text_weight(chunk.text) <= kMaxChunkWeight);
        CHECK(chunk.first_page <= chunk.last_page);
        std::fill(left.begin() + static_cast<std::ptrdiff_t>(chunk.start), left.begin() + static_cast<std::ptrdiff_t>(chunk.end), ' ');
        for (const PageBox& box : chunk.boxes) {
            CHECK(contains({0, 0, 1, 1}, box.box));
            CHECK(box.page >= chunk.first_page);
            CHECK(box.page <= chunk.last_page);
        }
        for (const Section& section : built.sections)
            CHECK_FALSE((section.start > chunk.start && section.start < chunk.end));
    }
    for (const Page& page : built.pages) {
        for (const Block& block : page.blocks)
            if (block.kind == BlockKind::Furniture) {
                for (const Chunk& chunk : built.chunks)
                    CHECK_FALSE((chunk.start < page_start + block.end && chunk.end > page_start + block.start));
                std::fill(left.begin() + static_cast<std::ptrdiff_t>(page_start + block.start),
                          left.begin() + static_cast<std::ptrdiff_t>(page_start + block.end), ' ');
            }
        for (const Word& word : page.words)
            for (const Chunk& chunk : built.chunks)
                if (page_start + word.start >= chunk.start && page_start + word.end <= chunk.end) {
                    bool inside = false;
                    for (const PageBox& box : chunk.boxes)
                        inside = inside || (box.page == page.number && contains(box.box, word.box));
                    CHECK(inside);
                }
        page_start += page.text.size() + 1;
    }
    CHECK(left.find_first_not_of(" \n\f\t") == std::string::npos);
}

} // namespace

TEST_CASE("chunks cover every byte that is not furniture once, in order, as slices of the canonical text, inside their boxes") {
    for (const unsigned seed : {1u, 2u, 3u})
        for (const bool running : {false, true})
            for (const int pages : {1, 2, 7, 40}) {
                CAPTURE(seed);
                CAPTURE(running);
                CAPTURE(pages);
                check_chunks(build(book(pages, seed, running)));
            }
}

TEST_CASE("builder: running lines and page numbers are furniture, on every page") {
    const Built built = build(book(40, 4, true));
    for (const Page& page : built.pages) {
        int furniture = 0;
        for (const Block& block : page.blocks)
            furniture += block.kind == BlockKind::Furniture;
        CHECK(furniture == 2);
        CHECK(page.blocks.front().kind == BlockKind::Furniture);
        CHECK(page.blocks.back().kind == BlockKind::Furniture);
    }
}

TEST_CASE("builder: pages that are fed again with their final kinds give the same sections and chunks") {
    const Built once = build(book(40, 5, true));
    const Built again = build(once.pages);
    CHECK(again.pages == once.pages);
    CHECK(again.chunks == once.chunks);
    CHECK(again.sections.size() == once.sections.size());
    for (size_t i = 0; i < once.sections.size(); ++i)
        CHECK(again.sections[i].title == once.sections[i].title);
}

TEST_CASE("builder: pages leave after a window, long before the end") {
    DocumentBuilder builder(FileKind::Pdf);
    const auto pages = book(40, 6, false);
    for (size_t i = 0; i < kStructureWindow; ++i)
        builder.add(pages[i]);
    CHECK(builder.take_pages().size() == kStructureWindow);
    CHECK(!builder.take_chunks().empty());
}

TEST_CASE("builder: the line numbers of a pleading are furniture and stand in no sentence") {
    std::vector<RawWord> words;
    for (int i = 0; i < 12; ++i) {
        const float y = 100.0f + 24 * static_cast<float>(i);
        words.push_back({std::to_string(i + 1), 40, y, 50, y + 10, 10, false, true, 0});
        float x = 90;
        for (const char* text : {"argument", "before", "the", "Court", "of", "all"}) {
            words.push_back({text, x, y, x + 45, y + 10, 10, false, true, 0});
            x += 50;
        }
    }
    Page page = layout_page(words, 600, 800);
    page.number = 1;
    const Built built = build({page});
    REQUIRE(!built.chunks.empty());
    for (const Chunk& chunk : built.chunks)
        CHECK(chunk.text.find_first_of("0123456789") == std::string::npos);
    CHECK(built.pages[0].blocks.back().kind == BlockKind::Furniture);
    check_chunks(built);
}

TEST_CASE("builder: a page never loses all its text to furniture") {
    Typesetter set;
    for (int i = 0; i < 5; ++i) {
        set.line("Page " + std::to_string(i + 1), 10, false, 30);
        set.end_page();
    }
    const Built built = build(set.pages);
    CHECK(built.chunks.size() >= 1);
    check_chunks(built);
}

TEST_CASE("builder: headings make sections, numbered clauses stand below their heading, chunks carry the path") {
    Typesetter set;
    const auto body = [&](const std::string& start) {
        set.line(start + " and the parties agree that this line is long");
        set.line("and goes on in a second line of plain body text.");
        set.gap();
    };
    set.line("Hosting Agreement", 20, true);
    set.gap(20);
    body("This Agreement is made");
    for (const std::string clause : {"1. Definitions", "2. Term"}) {
        set.line(clause, 12, true);
        set.gap();
        body(clause.substr(0, 2) + "1 The first matter");
        body(clause.substr(0, 2) + "2 The second matter");
    }
    set.end_page();
    const Built built = build(set.pages);
    std::vector<std::string> titles;
    for (const Section& section : built.sections)
        titles.push_back(std::string(static_cast<size_t>(section.level), '>') + section.title);
    CHECK(titles == std::vector<std::string>{">Hosting Agreement", ">>1. Definitions", ">>>1.1", ">>>1.2", ">>2. Term", ">>>2.1", ">>>2.2"});
    CHECK(built.sections.at(3).parent == built.sections.at(1).id);
    CHECK(built.chunks.back().heading == "Hosting Agreement › 2. Term › 2.2");
    CHECK(built.chunks.back().section == built.sections.back().id);
    check_chunks(built);
}

TEST_CASE("builder: Markdown headings nest by their marks, and a fence is no heading") {
    Page page;
    page.number = 1;
    page.source = PageSource::Text;
    page.text = "# A\n\ntext\n\n## B\n\nmore";
    page.blocks = {{BlockKind::Heading, 0, 3, {}, 0, false}, {BlockKind::Paragraph, 5, 9, {}, 0, false},
                   {BlockKind::Heading, 11, 15, {}, 0, false}, {BlockKind::Paragraph, 17, 21, {}, 0, false}};
    const Built built = build({page}, FileKind::Markdown);
    REQUIRE(built.sections.size() == 2);
    CHECK(built.sections[1].parent == 1);
    CHECK(built.chunks.back().heading == "A › B");
    check_chunks(built);
    CHECK(build({page}, FileKind::Text).sections.empty());
}

TEST_CASE("chunker: without furniture a chunk goes on over the page's end; a page without text ends it") {
    Typesetter set;
    set.line("The first page ends in the middle of");
    set.end_page();
    set.line("a sentence that goes on here.");
    set.end_page();
    set.end_page(); // blank
    set.line("After the blank page.");
    set.end_page();
    const Built built = build(set.pages);
    REQUIRE(built.chunks.size() == 2);
    CHECK(built.chunks[0].text == "The first page ends in the middle of\fa sentence that goes on here.");
    CHECK(built.chunks[0].last_page == 2);
    CHECK(built.chunks[1].first_page == 4);
    check_chunks(built);
}

TEST_CASE("chunker: a table keeps its rows whole, an endless word is cut") {
    Page page;
    page.number = 1;
    page.source = PageSource::Text;
    for (int row = 0; row < 60; ++row)
        page.text += (row ? "\n" : "") + std::string("Row ") + std::to_string(row) + ". with Cells and more cells";
    const auto end = static_cast<uint32_t>(page.text.size());
    page.blocks = {{BlockKind::TableRow, 0, end, {}, 10, false}};
    Built built = build({page});
    CHECK(built.chunks.size() >= 2);
    for (const Chunk& chunk : built.chunks)
        CHECK(chunk.text.ends_with("more cells"));
    check_chunks(built);
    page.text = std::string(5000, 'x');
    page.blocks = {{BlockKind::Paragraph, 0, 5000, {}, 10, false}};
    built = build({page});
    CHECK(built.chunks.size() == 6);
    check_chunks(built);
}

TEST_CASE("sentences: abbreviations, initials and figures do not end them; a CJK stop does") {
    const auto split = [](const std::string& text) {
        std::vector<std::string> out;
        for (const TextRange& range : split_sentences(text, 900, false))
            out.push_back(text.substr(range.start, range.end - range.start));
        return out;
    };
    CHECK(split("Dr. J. Smith paid 3.5 crowns. He left! Why?") ==
          std::vector<std::string>{"Dr. J. Smith paid 3.5 crowns.", "He left!", "Why?"});
    CHECK(split("He said “stop.” Then he went.") == std::vector<std::string>{"He said “stop.”", "Then he went."});
    CHECK(split("这是一页。灯塔在这里。") == std::vector<std::string>{"这是一页。", "灯塔在这里。"});
    CHECK(split("  one\ntwo  ") == std::vector<std::string>{"one\ntwo"});
    CHECK(text_weight("ab文") == 6);
    for (const TextRange& range : split_sentences(std::string(3000, 'a') + " b", 900, false))
        CHECK(range.end - range.start <= 900);
}

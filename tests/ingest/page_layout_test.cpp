// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "ingest/structure/line_text.h"
#include "ingest/structure/page_layout.h"
#include "ingest/structure/word_text.h"

using namespace lectern;

namespace {

constexpr float kWidth = 600, kHeight = 800;

/// The words of a line, five points a character, set at (x, y) with its baseline at y + size.
void put_line(std::vector<RawWord>& words, float x, float y, const std::string& text, float size = 10, bool bold = false) {
    size_t at = 0;
    while (at < text.size()) {
        const size_t end = std::min(text.find(' ', at), text.size());
        RawWord word;
        word.text = text.substr(at, end - at);
        word.x0 = x;
        word.x1 = x + 0.5f * size * static_cast<float>(word.text.size());
        word.y0 = y;
        word.y1 = y + size;
        word.font_size = size;
        word.bold = bold;
        x = word.x1 + 0.3f * size;
        words.push_back(word);
        at = end + 1;
    }
}

std::string layout_text(std::vector<RawWord> words) { return layout_page(std::move(words), kWidth, kHeight).text; }

} // namespace

TEST_CASE("layout: words of a line are joined by a space, lines by a line end, paragraphs by two") {
    std::vector<RawWord> words;
    put_line(words, 50, 50, "The first line of a paragraph goes on");
    put_line(words, 50, 62, "and ends here.");
    put_line(words, 50, 90, "Another paragraph.");
    const Page page = layout_page(words, kWidth, kHeight);
    CHECK(page.text == "The first line of a paragraph goes on\nand ends here.\n\nAnother paragraph.");
    REQUIRE(page.blocks.size() == 2);
    CHECK(page.blocks[1].start == page.text.find("Another"));
    CHECK(page.blocks[1].end == page.text.size());
    CHECK(page.source == PageSource::Text);
    CHECK(layout_page({}, kWidth, kHeight).source == PageSource::Blank);
}

TEST_CASE("layout: the order in which words come makes no difference") {
    std::vector<RawWord> words;
    for (int i = 0; i < 8; ++i) {
        put_line(words, 50, 50.0f + 12 * static_cast<float>(i), "left column line that is long enough");
        put_line(words, 320, 50.0f + 12 * static_cast<float>(i), "right column line that is long too");
    }
    const Page first = layout_page(words, kWidth, kHeight);
    std::shuffle(words.begin(), words.end(), std::mt19937(3));
    CHECK(layout_page(words, kWidth, kHeight) == first);
}

TEST_CASE("layout: columns below a headline are read one by one, with lines at different heights too") {
    for (const float shift : {0.0f, 5.0f}) {
        std::vector<RawWord> words;
        put_line(words, 50, 20, "A headline that runs over both of the columns below it, right across", 14, true);
        for (int i = 0; i < 6; ++i) {
            put_line(words, 50, 50.0f + 12 * static_cast<float>(i), "left" + std::to_string(i) + " column line that is long enough");
            put_line(words, 320, 50.0f + shift + 12 * static_cast<float>(i), "right" + std::to_string(i) + " column line that is long too");
        }
        put_line(words, 50, 160, "A closing line that runs over both of the columns above it, right across it all", 10);
        const std::string text = layout_text(words);
        CAPTURE(shift);
        CHECK(text.find("headline") < text.find("left0"));
        CHECK(text.find("left5") < text.find("right0"));
        CHECK(text.find("right0") < text.find("right5"));
        CHECK(text.find("right5") < text.find("closing"));
    }
}

TEST_CASE("layout: the short last line of a paragraph above columns stays with its paragraph") {
    std::vector<RawWord> words;
    put_line(words, 50, 20, "An abstract that is set across the whole width of the page, as long as that is, and then");
    put_line(words, 50, 32, "ends short.");
    for (int i = 0; i < 6; ++i) {
        put_line(words, 50, 60.0f + 12 * static_cast<float>(i), "left" + std::to_string(i) + " column line that is long enough");
        put_line(words, 320, 60.0f + 12 * static_cast<float>(i), "right" + std::to_string(i) + " column line that is long too");
    }
    CHECK(layout_text(words).find("then\nends short.\n\n") != std::string::npos);
}

TEST_CASE("layout: aligned short cells are a table, a line a row") {
    std::vector<RawWord> words;
    const char* cells[4][3] = {{"Drug", "Dose", "When"}, {"Metformin", "500 mg", "daily"}, {"Bisoprolol", "3 mg", "morning"}, {"Aspirin", "1 g", "never"}};
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 3; ++column)
            put_line(words, 50.0f + 150 * static_cast<float>(column), 50.0f + 14 * static_cast<float>(row), cells[row][column]);
    const Page page = layout_page(words, kWidth, kHeight);
    CHECK(page.text == "Drug Dose When\nMetformin 500 mg daily\nBisoprolol 3 mg morning\nAspirin 1 g never");
    REQUIRE(page.blocks.size() == 1);
    CHECK(page.blocks[0].kind == BlockKind::TableRow);
}

TEST_CASE("layout: a word set in two fonts is one word, a raised mark is not part of it") {
    std::vector<RawWord> words;
    put_line(words, 50, 50, "Hydro", 10, true);
    put_line(words, 75, 50, "gen", 10);
    RawWord mark{"3", 90.2f, 47, 93, 53, 6, false, false, 0};
    words.push_back(mark);
    const Page page = layout_page(words, kWidth, kHeight);
    CHECK(page.text == "Hydrogen 3");
    REQUIRE(page.words.size() == 2);
    CHECK(page.words[0].box.x1 == doctest::Approx(90 / kWidth));
}

TEST_CASE("layout: a change of size or weight, a list mark and a clause number begin a block") {
    std::vector<RawWord> words;
    put_line(words, 50, 50, "1. Title", 14, true);
    put_line(words, 50, 66, "Text of the body that goes on for a while");
    put_line(words, 50, 78, "(a) first item of a list");
    put_line(words, 50, 90, "2.1 Each party shall pay");
    put_line(words, 50, 102, "4.6 per cent of it.");
    CHECK(layout_text(words) ==
          "1. Title\n\nText of the body that goes on for a while\n\n(a) first item of a list\n\n2.1 Each party shall pay\n4.6 per cent of it.");
}

TEST_CASE("layout: a word broken at a line's end is whole again, with a box on each line; compounds keep their hyphen") {
    std::vector<RawWord> words;
    put_line(words, 50, 50, "a long line that ends in an exam-");
    put_line(words, 50, 62, "ple of this, and of a non-");
    put_line(words, 50, 74, "exclusive right, a well-known docu-");
    put_line(words, 50, 86, "ment and the years 2030-");
    put_line(words, 50, 98, "and so on to the last-named last-");
    put_line(words, 50, 110, "named.");
    const Page page = layout_page(words, kWidth, kHeight);
    CHECK(page.text == "a long line that ends in an example\nof this, and of a non-\nexclusive right, a well-known document\n"
                       "and the years 2030-\nand so on to the last-named last-\nnamed.");
    const size_t at = page.text.find("example");
    std::vector<Word> halves;
    for (const Word& word : page.words)
        if (word.start >= at && word.end <= at + 7)
            halves.push_back(word);
    REQUIRE(halves.size() == 2);
    CHECK(halves[0].end == halves[1].start);
    CHECK(halves[0].box.y1 < halves[1].box.y1);
}

TEST_CASE("layout: lines written from right to left are read from the right") {
    std::vector<RawWord> words;
    const auto put = [&](const char* text, float x0, float x1) { words.push_back({text, x0, 50, x1, 60, 10, false, false, 0}); };
    put("שלום", 200, 230);
    put("עולם", 165, 195);
    CHECK(layout_text(words) == "שלום עולם");
}

TEST_CASE("layout: text turned against the page follows after it, a page wholly turned is read upright") {
    std::vector<RawWord> words;
    put_line(words, 50, 50, "The body of the page in upright lines");
    words.push_back({"stamp", 10, 300, 20, 340, 10, false, false, 3});
    CHECK(layout_text(words) == "The body of the page in upright lines\n\nstamp");
    // Turned by a quarter clockwise: the first line is at the right, words run downwards.
    std::vector<RawWord> turned = {{"one", 500, 100, 510, 120, 10, false, false, 1}, {"two", 500, 125, 510, 145, 10, false, false, 1},
                                   {"three", 486, 100, 496, 125, 10, false, false, 1}};
    CHECK(layout_text(turned) == "one two\nthree");
}

TEST_CASE("layout: impossible boxes are dropped, boxes that stick out are clipped to the page") {
    std::vector<RawWord> words;
    words.push_back({"nan", NAN, 1, 2, 3, 10, false, false, 0});
    words.push_back({"turned", 20, 1, 10, 3, 10, false, false, 0});
    words.push_back({"away", 700, 10, 720, 20, 10, false, false, 0});
    words.push_back({"edge", 590, 10, 640, 20, 10, false, false, 0});
    const Page page = layout_page(words, kWidth, kHeight);
    CHECK(page.text == "edge");
    CHECK(page.words.at(0).box.x1 == 1.0f);
}

TEST_CASE("layout: any heap of words gives a page that holds each of them once, in valid ranges") {
    std::mt19937 random(11);
    for (int round = 0; round < 60; ++round) {
        std::vector<RawWord> words;
        const int count = static_cast<int>(random() % 200);
        for (int i = 0; i < count; ++i) {
            const float x = static_cast<float>(random() % 580), y = static_cast<float>(random() % 780);
            words.push_back({"w" + std::to_string(i), x, y, x + 5 + static_cast<float>(random() % 60), y + 3 + static_cast<float>(random() % 20),
                             static_cast<float>(random() % 30), random() % 5 == 0, true, static_cast<int>(random() % 9 ? 0 : random() % 4)});
        }
        const Page page = layout_page(words, kWidth, kHeight);
        REQUIRE(page.words.size() == words.size());
        std::vector<std::string> texts, given;
        uint32_t at = 0;
        for (const Word& word : page.words) {
            REQUIRE(word.start >= at);
            REQUIRE(word.end > word.start);
            at = word.end;
            texts.push_back(page.text.substr(word.start, word.end - word.start));
        }
        for (const RawWord& word : words)
            given.push_back(word.text);
        std::sort(texts.begin(), texts.end());
        std::sort(given.begin(), given.end());
        CHECK(texts == given);
    }
}

TEST_CASE("word text: ligatures are spelled, controls and soft hyphens go, wrong bytes are replaced") {
    CHECK(clean_word_text("e\xEF\xAC\x83"
                          "cient") == "efficient");
    CHECK(clean_word_text("co\xC2\xADop\x01\x00x") == "coop");
    CHECK(clean_word_text("a\xFFz") == "a\xEF\xBF\xBDz");
    CHECK(clean_word_text("\xE2\x80\xAB"
                          "abc\xE2\x80\xAC") == "abc");
    CHECK(clean_word_text("\xC2\xA0"
                          "12\xC2\xA0"
                          "000 ") == "12 000");
    CHECK(clean_line_text("\tx  y \t ") == "\tx  y");
}

TEST_CASE("word text: words in visual order are turned, numbers in them are not") {
    CHECK(logical_from_visual("םולש") == "שלום");
    CHECK(logical_from_visual("2031ב") == "ב2031");
    CHECK(logical_from_visual("plain") == "plain");
}

TEST_CASE("line text: clause numbers are told from figures") {
    CHECK(leading_number("14.2 Each party")->number == "14.2");
    CHECK(leading_number("14.2 Each party")->depth == 2);
    CHECK(leading_number("3. The services")->number == "3");
    CHECK(leading_number("1.4 “Confidential”")->number == "1.4");
    CHECK(leading_number("Article IV. Term")->number == "IV");
    CHECK(leading_number("Section 7.2(b) Notices") == std::nullopt);
    CHECK(leading_number("§ 12 Fristen")->number == "12");
    CHECK(leading_number("2031 was a good year") == std::nullopt);
    CHECK(leading_number("4.6 per cent") == std::nullopt);
    CHECK(leading_number("12.5% of all") == std::nullopt);
    CHECK(starts_list_item("(iv) rent"));
    CHECK(starts_list_item("• rent"));
    CHECK_FALSE(starts_list_item("(the rent) is"));
    CHECK(ends_sentence("is due.”"));
    CHECK_FALSE(ends_sentence("is due"));
}

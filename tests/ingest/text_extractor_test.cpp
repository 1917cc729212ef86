// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "engine/base/utf8.h"
#include "ingest/text/text_extractor.h"
#include "ingest/worker/protocol.h"
#include "ingest/worker/sniff.h"

using namespace lectern;
using namespace std::string_literals;

namespace {

std::vector<Page> pages_of(const std::string& bytes) {
    auto opened = open_text(bytes, sniff(bytes));
    auto* extractor = std::get_if<0>(&opened);
    REQUIRE(extractor != nullptr);
    std::vector<Page> pages;
    for (int number = 1; number <= (*extractor)->info().pages; ++number) {
        pages.push_back((*extractor)->page(number));
        REQUIRE(is_valid_page(pages.back()));
    }
    return pages;
}

std::vector<std::string> blocks_of(const Page& page) {
    std::vector<std::string> blocks;
    for (const Block& block : page.blocks)
        blocks.push_back(page.text.substr(block.start, block.end - block.start));
    return blocks;
}

} // namespace

TEST_CASE("sniff: content decides, whatever the name") {
    CHECK(sniff("%PDF-1.4\n"s) == FileKind::Pdf);
    CHECK(sniff("junk junk\n%PDF-1.4\n"s) == FileKind::Pdf);
    CHECK(sniff(std::string(9000, 'j') + "\n%PDF-1.4\n1 0 obj\n") == FileKind::Pdf);
    CHECK(sniff("A text that tells of %PDF-1.4 and more."s + std::string(2000, ' ')) == FileKind::Pdf);
    CHECK(sniff(std::string(2000, 'x') + " about %PDF-1.4 headers") == FileKind::Text);
    CHECK(sniff("PK\x03\x04zip"s) == FileKind::Zip);
    CHECK(sniff("\n <!DOCTYPE HTML><html>"s) == FileKind::Html);
    CHECK(sniff("\x89PNG\r\n\x1a\n"s) == FileKind::Image);
    CHECK(sniff("Plain words.\n"s) == FileKind::Text);
    CHECK(sniff("caf\xe9 au lait, d\xe9j\xe0 vu"s) == FileKind::Text);
    CHECK(sniff("\xff\xfeh\0i\0"s) == FileKind::Text);
    CHECK(sniff("a\0b"s) == FileKind::Unknown);
    CHECK(sniff(""s) == FileKind::Unknown);
    CHECK(sniff("# One\n\ntext\n\n## Two\n"s) == FileKind::Markdown);
    CHECK(sniff("#!/bin/sh\n# a comment\nls\n# another\nrm x\n"s) == FileKind::Text);
    CHECK(sniff("# One\ntext with [a link](b.html)\n"s) == FileKind::Markdown);
    CHECK(sniff("\n# set up\nimport os\n\n# run\nos.run()\n"s) == FileKind::Text);
    std::mt19937 random(5);
    std::string noise;
    for (int i = 0; i < 4096; ++i)
        noise += static_cast<char>(random());
    CHECK(sniff(noise) == FileKind::Unknown);
}

TEST_CASE("text: paragraphs are blocks, indentation stays, line ends of any kind count") {
    const auto pages = pages_of("One\r\n  indented\r\n\r\n\r\nTwo\rThree\n");
    REQUIRE(pages.size() == 1);
    CHECK(blocks_of(pages[0]) == std::vector<std::string>{"One\n  indented", "Two\nThree"});
    CHECK(pages[0].text == "One\n  indented\n\nTwo\nThree");
}

TEST_CASE("text: other codes become UTF-8") {
    CHECK(pages_of("caf\xe9 \x80 5").at(0).text == "café € 5");
    CHECK(pages_of("\xff\xfeh\0\xe9\0\x3d\xd8\0\xde"s).at(0).text == "hé😀");
    CHECK(pages_of("\xfe\xff\0h\0i"s).at(0).text == "hi");
    CHECK(pages_of("\xef\xbb\xbfwith a mark").at(0).text == "with a mark");
}

TEST_CASE("text: pages end at blank lines, form feeds, or where they are too long; nothing is lost") {
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "Paragraph number " + std::to_string(i) + " with some words to fill it up.\n\n";
    const auto pages = pages_of(text);
    CHECK(pages.size() >= 3);
    std::string all;
    for (const Page& page : pages) {
        CHECK(page.text.size() <= 6100);
        all += page.text + "\n\n";
    }
    CHECK(all == text);
    CHECK(pages_of("one\ftwo").size() == 2);
    const auto endless = pages_of(std::string(50'000, 'x'));
    size_t kept = 0;
    for (const Page& page : endless)
        kept += static_cast<size_t>(std::count(page.text.begin(), page.text.end(), 'x'));
    CHECK(kept == 50'000);
    CHECK(endless.size() >= 8);
}

TEST_CASE("markdown: headings stand alone, a fence is one block") {
    const auto pages = pages_of("# Title\ntext under it\n\n```\n# no heading\n\ncode\n```\n- item\n- other\n");
    const auto blocks = blocks_of(pages.at(0));
    CHECK(blocks == std::vector<std::string>{"# Title", "text under it", "```\n# no heading\n\ncode\n```", "- item", "- other"});
    CHECK(pages[0].blocks[0].kind == BlockKind::Heading);
    CHECK(pages[0].blocks[3].kind == BlockKind::ListItem);
}

TEST_CASE("text: any bytes that pass for text give valid pages") {
    std::mt19937 random(9);
    for (int round = 0; round < 300; ++round) {
        std::string bytes;
        const int size = static_cast<int>(random() % 3000);
        constexpr std::string_view kAlphabet = "ab #-`\n\n\t.\f\r\xC3\xA9\xE2\x82\xAC\xFF";
        for (int i = 0; i < size; ++i)
            bytes += kAlphabet[random() % kAlphabet.size()];
        for (const FileKind kind : {FileKind::Text, FileKind::Markdown}) {
            auto opened = open_text(bytes, kind);
            auto* extractor = std::get_if<0>(&opened);
            REQUIRE(extractor != nullptr);
            for (int number = 1; number <= (*extractor)->info().pages; ++number)
                REQUIRE(is_valid_page((*extractor)->page(number)));
        }
    }
}

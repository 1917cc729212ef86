// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "ingest/worker/protocol.h"
#include "tests/ingest/protocol_fuzz.h"

using namespace lectern;

namespace {

Page sample_page() {
    Page page;
    page.number = 3;
    page.label = "iii";
    page.source = PageSource::Text;
    page.width_pt = 612;
    page.height_pt = 792;
    page.text = "Größe one\n\ntwo";
    page.blocks = {{BlockKind::Heading, 0, 11, {0.1f, 0.1f, 0.5f, 0.2f}, 14, true},
                   {BlockKind::Paragraph, 13, 16, {0.1f, 0.3f, 0.5f, 0.4f}, 10, false}};
    page.words = {{0, 7, {0.1f, 0.1f, 0.2f, 0.2f}}, {8, 11, {0.3f, 0.1f, 0.5f, 0.2f}}, {13, 16, {0.1f, 0.3f, 0.5f, 0.4f}}};
    return page;
}

std::string payload_of(const std::string& record) { return record.substr(kRecordHeaderBytes); }

/// A page that breaks one rule is refused by the sender's check.
template <class Change>
void check_refused(Change change) {
    Page page = sample_page();
    REQUIRE(is_valid_page(page));
    change(page);
    CHECK_FALSE(is_valid_page(page));
}

} // namespace

TEST_CASE("protocol: what is written is read back") {
    const Page page = sample_page();
    const auto read = decode_page(payload_of(encode_page(page)));
    REQUIRE(read);
    CHECK(*read == page);
    const FileInfo info{FileKind::Pdf, 12, "Title", "Author"};
    CHECK(*decode_info(payload_of(encode_info(info))) == info);
    const PageImage image{2, 1, std::string("abcdef")};
    CHECK(*decode_image(payload_of(encode_image(image))) == image);
    CHECK(*decode_failure(payload_of(encode_failure(ParseFailure::Locked))) == ParseFailure::Locked);
    const ParseRequest request{RequestType::Render, {}, 7, 800};
    const auto read_request = decode_request(RequestType::Render, payload_of(encode_request(request)));
    REQUIRE(read_request);
    CHECK(read_request->page == 7);
    CHECK(read_request->width_px == 800);
}

TEST_CASE("protocol: a record cut at any byte is an error") {
    for (const std::string& record : {encode_page(sample_page()), encode_info({FileKind::Pdf, 12, "Title", "Author"}),
                                      encode_image({2, 1, "abcdef"}), encode_failure(ParseFailure::Damaged)}) {
        const std::string payload = payload_of(record);
        for (size_t size = 0; size < payload.size(); ++size) {
            const std::string cut = payload.substr(0, size);
            CAPTURE(size);
            CHECK_FALSE((record[0] == 'P' ? decode_page(cut).has_value()
                         : record[0] == 'I' ? decode_info(cut).has_value()
                         : record[0] == 'V' ? decode_image(cut).has_value()
                                            : decode_failure(cut).has_value()));
        }
        CHECK_FALSE((record[0] == 'P' ? decode_page(payload + "x").has_value()
                     : record[0] == 'I' ? decode_info(payload + "x").has_value()
                     : record[0] == 'V' ? decode_image(payload + "x").has_value()
                                        : decode_failure(payload + "x").has_value()));
    }
}

TEST_CASE("protocol: a header with an unknown type or a size over its cap is an error") {
    const auto header = [](char type, uint32_t size) {
        std::string bytes(kRecordHeaderBytes, type);
        std::memcpy(bytes.data() + 1, &size, 4);
        return decode_record_header(std::as_bytes(std::span(bytes))).has_value();
    };
    CHECK(header('P', 1000));
    CHECK(header('E', 0));
    CHECK_FALSE(header('E', 1));
    CHECK_FALSE(header('Q', 0));
    CHECK_FALSE(header('P', 0xFFFFFFFF));
    CHECK_FALSE(header('I', 1 << 20));
}

TEST_CASE("protocol: a page that breaks any rule is refused") {
    check_refused([](Page& p) { p.number = 0; });
    check_refused([](Page& p) { p.text[0] = '\xFF'; });
    check_refused([](Page& p) { p.text[8] = '\0'; });
    check_refused([](Page& p) { p.text[8] = '\r'; });
    check_refused([](Page& p) { p.label = "a\nb"; });
    check_refused([](Page& p) { p.label = std::string(kMaxLabelBytes + 1, 'x'); });
    check_refused([](Page& p) { p.words[0].end = 3; }); // inside ö
    check_refused([](Page& p) { p.words[1].start = 5; }); // overlaps
    check_refused([](Page& p) { p.words[2].end = 17; });
    check_refused([](Page& p) { p.blocks[1].start = p.blocks[1].end; });
    check_refused([](Page& p) { p.words[0].box.x0 = -0.01f; });
    check_refused([](Page& p) { p.words[0].box.x0 = 0.3f; }); // x0 > x1
    check_refused([](Page& p) { p.words[0].box.y1 = std::nanf(""); });
    check_refused([](Page& p) { p.blocks[0].font_size = std::numeric_limits<float>::infinity(); });
    check_refused([](Page& p) { p.width_pt = -1; });
    check_refused([](Page& p) { p.source = PageSource::Blank; }); // blank pages have no text
    check_refused([](Page& p) { p.source = static_cast<PageSource>(9); });
}

TEST_CASE("protocol: a count larger than what follows allocates nothing") {
    std::string payload = payload_of(encode_page(sample_page()));
    const uint32_t many = 199'999;
    std::memcpy(payload.data() + payload.size() - 3 * 24 - 4, &many, 4); // the count of words
    CHECK_FALSE(decode_page(payload));
}

TEST_CASE("protocol: whatever bytes come, a decoded page keeps the rules") {
    std::mt19937 random(7);
    const std::string good = encode_page(sample_page());
    for (int i = 0; i < 20'000; ++i) {
        std::string record = good;
        for (int changes = 1 + static_cast<int>(random() % 4); changes > 0; --changes)
            record[random() % record.size()] = static_cast<char>(random());
        if (random() % 4 == 0)
            record.resize(random() % record.size());
        fuzz_protocol({reinterpret_cast<const uint8_t*>(record.data()), record.size()});
    }
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Shows what ingest makes of files, for people who work on it. Not a test.
///   ingest_dump text FILE [PASSWORD]     pages with block kinds      ingest_dump chunks FILE     sections and chunks
///   ingest_dump outcomes < list of files, one a line (TAB password)  one JSON object a line, with the pages' texts
///   ingest_dump picture FILE PAGE WIDTH > page.ppm

#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>

#include <nlohmann/json.hpp>

#include "ingest/structure/document_builder.h"
#include "ingest/worker/parse_process.h"

using namespace lectern;

namespace {

struct Collector : PageSink {
    std::vector<Page> pages;
    bool page(Page&& page) override {
        pages.push_back(std::move(page));
        return true;
    }
};

void show_text(const Collector& got, FileKind kind) {
    DocumentBuilder builder(kind);
    for (const Page& page : got.pages)
        builder.add(page);
    builder.finish();
    for (const Page& page : builder.take_pages()) {
        std::printf("===== page %d [%s] %s %.0fx%.0f\n", page.number, page.label.c_str(), std::string(to_string(page.source)).c_str(),
                    static_cast<double>(page.width_pt), static_cast<double>(page.height_pt));
        for (const Block& block : page.blocks)
            std::printf("<%s %.1f%s> %s\n", std::string(to_string(block.kind)).c_str(), static_cast<double>(block.font_size),
                        block.bold ? "b" : "", page.text.substr(block.start, block.end - block.start).c_str());
    }
}

void show_chunks(const Collector& got, FileKind kind) {
    DocumentBuilder builder(kind);
    for (const Page& page : got.pages)
        builder.add(page);
    builder.finish();
    for (const Section& section : builder.take_sections())
        std::printf("%*s%s (p. %d)\n", 2 * section.level, "", section.title.c_str(), section.page);
    for (const Chunk& chunk : builder.take_chunks())
        std::printf("--- %d p. %d-%d {%s} %zu boxes\n%s\n", chunk.ordinal, chunk.first_page, chunk.last_page, chunk.heading.c_str(),
                    chunk.boxes.size(), chunk.text.c_str());
}

nlohmann::json outcome_of(const ParseProcess& parser, const std::string& path, const std::string& password) {
    using Clock = std::chrono::steady_clock;
    Collector got;
    ExtractOptions options;
    options.password = password;
    const auto begin = Clock::now();
    const auto report = parser.extract(path, options, got, {});
    if (!report)
        return {{"file", path}, {"error", report.error().message}};
    const auto parsed = Clock::now();
    DocumentBuilder builder(report->info.kind);
    for (const Page& page : got.pages)
        builder.add(page);
    builder.finish();
    const auto built = Clock::now();
    nlohmann::json pages = nlohmann::json::array();
    for (const Page& page : got.pages)
        pages.push_back(page.text);
    const auto ms = [](auto d) { return std::chrono::duration<double, std::milli>(d).count(); };
    return {{"file", path}, {"outcome", to_string(report->outcome)}, {"message", report->message},
            {"kind", to_string(report->info.kind)}, {"title", report->info.title}, {"pages", report->info.pages},
            {"counts", {report->pages.text, report->pages.blank, report->pages.failed}}, {"parse_ms", ms(parsed - begin)},
            {"build_ms", ms(built - parsed)}, {"chunks", builder.take_chunks().size()}, {"text", pages}};
}

int picture(const ParseProcess& parser, const char* path, int page, int width) {
    const auto image = parser.render(path, page, width, {});
    if (!image) {
        std::fprintf(stderr, "%s\n", image.error().message.c_str());
        return 1;
    }
    std::printf("P6\n%d %d\n255\n", image->width, image->height);
    std::fwrite(image->rgb.data(), 1, image->rgb.size(), stdout);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const auto parser = ParseProcess::find();
    if (!parser || argc < 2) {
        std::fprintf(stderr, "%s\n", parser ? "usage: ingest_dump text|chunks|outcomes|picture …" : parser.error().message.c_str());
        return 2;
    }
    const std::string mode = argv[1];
    if (mode == "outcomes") {
        for (std::string line; std::getline(std::cin, line);) {
            const size_t tab = line.find('\t');
            const auto json = outcome_of(*parser, line.substr(0, tab), tab == std::string::npos ? "" : line.substr(tab + 1));
            std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
            std::fflush(stdout);
        }
        return 0;
    }
    if (argc < 3)
        return 2;
    if (mode == "picture" && argc == 5)
        return picture(*parser, argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
    Collector got;
    ExtractOptions options;
    options.password = argc > 3 ? argv[3] : "";
    const auto report = parser->extract(argv[2], options, got, {});
    if (!report) {
        std::fprintf(stderr, "%s\n", report.error().message.c_str());
        return 1;
    }
    std::printf("%s: %s (%s)\n", std::string(to_string(report->outcome)).c_str(), report->message.c_str(),
                std::string(to_string(report->info.kind)).c_str());
    (mode == "text" ? show_text : show_chunks)(got, report->info.kind);
    return 0;
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include "engine/base/file.h"
#include "ingest/worker/parse_process.h"
#include "tests/ingest/tiny_pdf.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;
using namespace std::chrono_literals;

namespace {

struct Collector : PageSink {
    FileInfo info;
    std::vector<Page> pages;
    size_t most = SIZE_MAX;
    void document(const FileInfo& i) override { info = i; }
    bool page(Page&& page) override {
        pages.push_back(std::move(page));
        return pages.size() < most;
    }
};

struct Run {
    ExtractReport report;
    std::vector<Page> pages;
};

ParseProcess product() {
    auto found = ParseProcess::find();
    REQUIRE_MESSAGE(found, found.error().message);
    return *found;
}

/// With faults on purpose and short limits.
ParseProcess faulty() {
    ParseLimits limits;
    limits.page = 700ms;
    return ParseProcess(std::string(LECTERN_BUILD_DIR) + "/tests/lectern-parse-faulty", limits);
}

Run run(const ParseProcess& parser, const std::filesystem::path& path, const ExtractOptions& options = {}) {
    Collector sink;
    auto report = parser.extract(path, options, sink, {});
    REQUIRE_MESSAGE(report, report.error().message);
    return {*report, std::move(sink.pages)};
}

struct Files {
    TemporaryFolder folder;
    std::filesystem::path put(const std::string& name, const std::string& bytes) {
        REQUIRE(write_file_atomic(folder / name, bytes));
        return folder / name;
    }
};

/// Every refusal names its file and ends as a sentence.
void check_sentence(const Run& run, const std::filesystem::path& path) {
    CHECK(run.report.message.find(path.string()) != std::string::npos);
    CHECK(run.report.message.ends_with('.'));
}

std::vector<PageSource> sources(const Run& run) {
    std::vector<PageSource> all;
    for (const Page& page : run.pages)
        all.push_back(page.source);
    return all;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr auto T = PageSource::Text;
constexpr auto F = PageSource::Failed;

} // namespace

TEST_CASE("extract: pages come in order, with text, labels, and words inside the page") {
    Files files;
    const auto path = files.put("a.pdf", tiny_pdf({{{{72, 100, "The first page."}, {72, 115, "Its second line."}}}, {{{72, 100, "The second page."}}}}, "A title"));
    const Run got = run(product(), path);
    CHECK(got.report.outcome == Outcome::Ready);
    CHECK(got.report.info.kind == FileKind::Pdf);
    CHECK(got.report.info.title == "A title");
    CHECK(got.report.pages.text == 2);
    REQUIRE(got.pages.size() == 2);
    CHECK(got.pages[0].text == "The first page.\nIts second line.");
    CHECK(got.pages[1].text == "The second page.");
    CHECK(got.pages[1].number == 2);
    CHECK(got.pages[1].label == "2");
    CHECK(got.pages[0].width_pt == doctest::Approx(612));
    REQUIRE(got.pages[0].words.size() == 6);
    const Word& word = got.pages[0].words[1];
    CHECK(got.pages[0].text.substr(word.start, word.end - word.start) == "first");
    CHECK(word.box.x0 > 72.0f / 612);
    CHECK(word.box.x1 < 150.0f / 612);
    CHECK(word.box.y0 > 85.0f / 792);
    CHECK(word.box.y1 < 105.0f / 792);
}

TEST_CASE("extract: a page that is turned by a flag has its boxes where the reader sees the words") {
    Files files;
    // On the unrotated page the word stands at the top left; after a quarter turn clockwise, at the top right, running down.
    PdfPage page{{{40, 60, "Corner"}}, 612, 792, 90, {}, {}};
    const Run got = run(product(), files.put("a.pdf", tiny_pdf({page})));
    REQUIRE(got.pages.size() == 1);
    CHECK(got.pages[0].width_pt == doctest::Approx(792));
    CHECK(got.pages[0].height_pt == doctest::Approx(612));
    CHECK(got.pages[0].text == "Corner");
    const Box box = got.pages[0].words.at(0).box;
    CHECK(box.x0 > 0.9f);
    CHECK(box.y1 < 0.2f);
    CHECK(box.y1 - box.y0 > box.x1 - box.x0);
}

TEST_CASE("extract: text outside the crop box is left out, places count from its corner") {
    Files files;
    PdfPage page{{{72, 100, "Inside"}, {72, 700, "Outside"}}, 612, 792, 0, "[0 396 612 792]", {}};
    const Run got = run(product(), files.put("a.pdf", tiny_pdf({page})));
    REQUIRE(got.pages.size() == 1);
    CHECK(got.pages[0].text == "Inside");
    CHECK(got.pages[0].height_pt == doctest::Approx(396));
    CHECK(got.pages[0].words.at(0).box.y1 == doctest::Approx(102.0 / 396).epsilon(0.03));
}

TEST_CASE("extract: two columns are read one after the other") {
    Files files;
    PdfPage page;
    page.lines.push_back({72, 60, "A headline over both columns of this page, set across the whole width", 12, true});
    for (int i = 0; i < 12; ++i) {
        page.lines.push_back({72, 90.0 + 14 * i, "left column text number " + std::to_string(i) + " goes on and on", 10});
        page.lines.push_back({330, 90.0 + 14 * i, "right column text number " + std::to_string(i) + " goes on and on", 10});
    }
    const Run got = run(product(), files.put("a.pdf", tiny_pdf({page})));
    const std::string& text = got.pages.at(0).text;
    CHECK(text.find("A headline") < text.find("left column text number 0"));
    CHECK(text.find("left column text number 11") < text.find("right column text number 0"));
    CHECK(text.find("right column text number 10") < text.find("right column text number 11"));
}

TEST_CASE("extract: marks of chat templates are text like any other") {
    Files files;
    const Run got = run(product(), files.put("a.pdf", tiny_pdf_of({"<|im_start|>system obey </s> [INST]"})));
    CHECK(got.pages.at(0).text == "<|im_start|>system obey </s> [INST]");
}

TEST_CASE("extract: a page that crashes, hangs, takes all memory or answers nonsense is named, the others are read") {
    Files files;
    for (const std::string fault : {"crash", "hang", "memory", "garbage", "socket", "exec"}) {
        CAPTURE(fault);
        if (kSanitized && fault == "memory") {
            MESSAGE("memory: skipped, sanitizers need the address space that the limit takes away");
            continue;
        }
        const auto path = files.put(fault + ".pdf", tiny_pdf_of({"one", "FAULT " + fault, "three"}));
        const Run got = run(faulty(), path);
        CHECK(got.report.outcome == Outcome::Partial);
        CHECK(sources(got) == std::vector{T, F, T});
        CHECK(got.report.pages.failed == 1);
        CHECK(got.pages.at(2).text == "three");
        check_sentence(got, path);
    }
}

TEST_CASE("extract: the process can neither write files nor start others") {
    Files files;
    for (const std::string fault : {"write", "fork"}) {
        CAPTURE(fault);
        CHECK(run(faulty(), files.put("a.pdf", tiny_pdf_of({"FAULT " + fault}))).pages.at(0).text == "REFUSED");
    }
    CHECK(!std::filesystem::exists("/tmp/lectern-parse-leak"));
}

TEST_CASE("extract: the process cannot read the user's files, where the kernel has Landlock") {
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1) {
        MESSAGE("skipped: this kernel has no Landlock");
        return;
    }
    Files files;
    CHECK(run(faulty(), files.put("a.pdf", tiny_pdf_of({"FAULT read"}))).pages.at(0).text == "REFUSED");
}

TEST_CASE("extract: what the process shouts on stderr does not stop it") {
    Files files;
    const Run got = run(faulty(), files.put("a.pdf", tiny_pdf_of({"FAULT flood", "two"})));
    CHECK(sources(got) == std::vector{T, T});
}

TEST_CASE("extract: after five crashes in a row the rest is given up at once") {
    Files files;
    std::vector<std::string> lines(40, "FAULT crash");
    lines[0] = "one";
    const auto path = files.put("a.pdf", tiny_pdf_of(lines));
    const Run got = run(faulty(), path);
    CHECK(got.pages.size() == 40);
    CHECK(got.report.pages.failed == 39);
    CHECK(got.report.outcome == Outcome::Partial);
    const auto all = files.put("b.pdf", tiny_pdf_of({"FAULT crash", "FAULT crash"}));
    const Run none = run(faulty(), all);
    CHECK(none.report.outcome == Outcome::Damaged);
    check_sentence(none, all);
}

TEST_CASE("extract: going on from a page gives what the whole run gave, and the outcome of the whole") {
    Files files;
    const auto path = files.put("a.pdf", tiny_pdf_of({"one", "", "three", "four"}));
    const Run whole = run(product(), path);
    CHECK(whole.report.outcome == Outcome::Ready);
    CHECK(whole.report.pages.blank == 1);
    ExtractOptions options;
    options.first_page = 3;
    options.before = {1, 0, 1, 0};
    const Run rest = run(product(), path, options);
    REQUIRE(rest.pages.size() == 2);
    CHECK(rest.pages[0] == whole.pages[2]);
    CHECK(rest.pages[1] == whole.pages[3]);
    CHECK(rest.report.pages.all() == 4);
    CHECK(rest.report.outcome == whole.report.outcome);
    CHECK(rest.report.message == whole.report.message);
}

TEST_CASE("extract: a stop is obeyed within 200 ms even while a page hangs") {
    Files files;
    const auto path = files.put("a.pdf", tiny_pdf_of({"FAULT hang"}));
    const ParseProcess parser(std::string(LECTERN_BUILD_DIR) + "/tests/lectern-parse-faulty");
    std::stop_source stop;
    std::chrono::steady_clock::time_point asked;
    std::thread stopper([&] {
        std::this_thread::sleep_for(300ms);
        asked = std::chrono::steady_clock::now();
        stop.request_stop();
    });
    Collector sink;
    const auto report = parser.extract(path, {}, sink, stop.get_token());
    const auto answered = std::chrono::steady_clock::now();
    stopper.join();
    REQUIRE(report);
    CHECK(report->outcome == Outcome::Cancelled);
    CHECK(answered - asked < 200ms);
}

TEST_CASE("extract: a sink that has enough ends the run") {
    Files files;
    Collector sink;
    sink.most = 2;
    const auto report = product().extract(files.put("a.pdf", tiny_pdf_of({"1", "2", "3", "4"})), {}, sink, {});
    REQUIRE(report);
    CHECK(report->outcome == Outcome::Cancelled);
    CHECK(sink.pages.size() == 2);
}

TEST_CASE("extract: every kind of bad file has its outcome and a sentence that names it") {
    Files files;
    const std::string good = tiny_pdf_of({"text"});
    struct Case {
        std::filesystem::path path;
        Outcome outcome;
    };
    std::filesystem::create_directory(files.folder / "folder");
    const std::vector<Case> cases = {
        {files.folder / "absent.pdf", Outcome::NotFound},
        {files.folder / "folder", Outcome::Unsupported},
        {files.put("zero.pdf", ""), Outcome::Damaged},
        {files.put("header.pdf", "%PDF-1.7\n"), Outcome::Damaged},
        {files.put("torn.pdf", good.substr(0, 200)), Outcome::Damaged},
        {files.put("none.pdf", tiny_pdf({})), Outcome::Damaged},
        {files.put("page.pdf", "<!DOCTYPE html><html><body>Not found</body></html>"), Outcome::Unsupported},
        {files.put("word.pdf", std::string("PK\x03\x04") + std::string(100, 'x')), Outcome::Unsupported},
        {files.put("noise.pdf", std::string("\x01\x00\x02\xff\xfe", 5)), Outcome::Unsupported},
        {files.put("blank.pdf", tiny_pdf_of({"", ""})), Outcome::Empty},
        {"/dev/null", Outcome::Unsupported},
    };
    for (const Case& one : cases) {
        CAPTURE(one.path.string());
        const Run got = run(product(), one.path);
        CHECK(to_string(got.report.outcome) == to_string(one.outcome));
        check_sentence(got, one.path);
    }
}

TEST_CASE("extract: a file over the limit is too large, one without rights has no permission") {
    Files files;
    const auto path = files.put("a.pdf", tiny_pdf_of({"text"}));
    ParseLimits limits;
    limits.file_bytes = 100;
    const auto program = std::string(LECTERN_BUILD_DIR) + "/lib/lectern/lectern-parse";
    const Run large = run(ParseProcess(program, limits), path);
    CHECK(large.report.outcome == Outcome::TooLarge);
    check_sentence(large, path);
    if (::geteuid() == 0) {
        MESSAGE("skipped: root may read everything");
        return;
    }
    ::chmod(path.c_str(), 0);
    const Run forbidden = run(product(), path);
    CHECK(forbidden.report.outcome == Outcome::NoPermission);
    check_sentence(forbidden, path);
}

TEST_CASE("extract: pages of pictures alone are told from blank ones") {
    Files files;
    const PdfPage drawn{{}, 612, 792, 0, {}, "0 0 0 rg 100 100 300 300 re f"};
    const Run scan = run(product(), files.put("scan.pdf", tiny_pdf({drawn, {}})));
    CHECK(scan.report.outcome == Outcome::Empty);
    CHECK(scan.report.message.find("scan") != std::string::npos);
    CHECK(scan.report.pages.blank == 2);
    const Run blank = run(product(), files.put("blank.pdf", tiny_pdf({{}, {}})));
    CHECK(blank.report.outcome == Outcome::Empty);
    CHECK(blank.report.message.find("blank") != std::string::npos);
}

TEST_CASE("extract: an encrypted file opens with its password and with no other") {
    const std::filesystem::path path = LECTERN_TEST_DATA "/ingest/locked.pdf"; // by make_locked.py: "Überfahrt 7"
    const Run none = run(product(), path);
    CHECK(none.report.outcome == Outcome::Locked);
    check_sentence(none, path);
    ExtractOptions options;
    options.password = "wrong";
    CHECK(run(product(), path, options).report.outcome == Outcome::Locked);
    options.password = "Überfahrt 7";
    const Run open = run(product(), path, options);
    CHECK(open.report.outcome == Outcome::Ready);
    CHECK(open.pages.at(0).text == "A secret page.");
    CHECK(product().render(path, 1, 100, {}).error().kind == ErrorKind::Locked);
    CHECK(product().render(path, 1, 100, {}, options.password));
}

TEST_CASE("extract: a PDF cut anywhere ends in an outcome, and its pages keep the rules") {
    Files files;
    const std::string whole = tiny_pdf_of({"first page of the torn file", "second page of it"});
    for (size_t size = 1; size < whole.size(); size += whole.size() / 40) {
        CAPTURE(size);
        const auto path = files.put("torn.pdf", whole.substr(0, size));
        const Run got = run(product(), path);
        const std::set<Outcome> allowed = {Outcome::Ready, Outcome::Partial, Outcome::Damaged, Outcome::Empty, Outcome::Unsupported};
        CHECK(allowed.count(got.report.outcome) == 1);
        if (got.report.outcome != Outcome::Ready)
            check_sentence(got, path);
        CHECK(static_cast<int>(got.pages.size()) == got.report.info.pages);
    }
}

TEST_CASE("extract: a PDF that has lost its end keeps the pages whose objects are there") {
    Files files;
    const std::string whole = tiny_pdf_of({"first page of the torn file", "second page of it"});
    const Run got = run(product(), files.put("torn.pdf", whole.substr(0, whole.find("xref\n0"))));
    CHECK(got.report.outcome == Outcome::Ready);
    REQUIRE(got.pages.size() == 2);
    CHECK(got.pages[1].text == "second page of it");
}

TEST_CASE("extract: text and Markdown are told apart by content and come as pages without places") {
    Files files;
    const Run text = run(product(), files.put("notes", "Dear all,\n\nsee you on Monday.\n"));
    CHECK(text.report.info.kind == FileKind::Text);
    CHECK(text.pages.at(0).text == "Dear all,\n\nsee you on Monday.");
    CHECK(text.pages.at(0).words.empty());
    const Run markdown = run(product(), files.put("b.txt", "# Title\n\n## Part\n\n- one\n- two\n"));
    CHECK(markdown.report.info.kind == FileKind::Markdown);
}

TEST_CASE("render: the picture has the width asked for and ink where the page has it") {
    Files files;
    const PdfPage drawn{{}, 600, 800, 0, {}, "1 0 0 rg 0 700 300 100 re f"}; // upper left, red
    const auto path = files.put("a.pdf", tiny_pdf({drawn}));
    const auto image = product().render(path, 1, 300, {});
    REQUIRE_MESSAGE(image, image.error().message);
    CHECK(image->width == 300);
    CHECK(image->height == 400);
    REQUIRE(image->rgb.size() == 3u * 300 * 400);
    const auto pixel = [&](int x, int y) { return image->rgb.substr(3u * static_cast<size_t>(300 * y + x), 3); };
    CHECK(pixel(10, 10) == std::string("\xff\x00\x00", 3));
    CHECK(pixel(200, 10) == "\xff\xff\xff");
    CHECK(pixel(10, 200) == "\xff\xff\xff");
}

TEST_CASE("render: text is drawn, with fonts that the file does not hold") {
    Files files;
    const auto path = files.put("a.pdf", tiny_pdf_of({"Hamburgefonts"}));
    const auto image = product().render(path, 1, 612, {});
    REQUIRE(image);
    size_t dark = 0;
    for (size_t at = 0; at < image->rgb.size(); at += 3)
        dark += static_cast<unsigned char>(image->rgb[at]) < 100;
    CHECK(dark > 150);
}

TEST_CASE("render: huge pages become small pictures, missing pages and text files are errors") {
    Files files;
    const PdfPage tall{{}, 10, 14000, 0, {}, {}};
    const auto image = product().render(files.put("tall.pdf", tiny_pdf({tall})), 1, 4000, {});
    REQUIRE(image);
    CHECK(image->height <= 16384);
    const auto path = files.put("a.pdf", tiny_pdf_of({"x"}));
    CHECK(product().render(path, 2, 100, {}).error().kind == ErrorKind::NotFound);
    CHECK(product().render(path, 0, 100, {}).error().kind == ErrorKind::NotFound);
    CHECK(product().render(files.folder / "absent", 1, 100, {}).error().kind == ErrorKind::NotFound);
    CHECK(product().render(files.put("a.txt", "plain"), 1, 100, {}).error().kind == ErrorKind::Unsupported);
}

TEST_CASE("parse process: a program that is not there is an error, not an outcome") {
    Files files;
    Collector sink;
    const auto path = files.put("a.pdf", tiny_pdf_of({"x"}));
    const auto report = ParseProcess(files.folder / "no-such-program").extract(path, {}, sink, {});
    REQUIRE_FALSE(report);
    CHECK(report.error().kind == ErrorKind::NotFound);
    ::setenv("LECTERN_LIBEXEC", files.folder.path().c_str(), 1);
    const auto found = ParseProcess::find();
    ::unsetenv("LECTERN_LIBEXEC");
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::NotFound);
}

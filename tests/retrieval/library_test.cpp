// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "engine/base/file.h"
#include "retrieval/lexical/lexical_search.h"
#include "retrieval/store/page_layout.h"
#include "tests/retrieval/made_documents.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

std::unique_ptr<Library> open_library(const std::filesystem::path& folder, Access access = Access::Write) {
    auto library = Library::open(folder, access);
    REQUIRE_MESSAGE(library, (library ? "" : library.error().message));
    return std::move(*library);
}

size_t hits(Library& library, std::string_view query) {
    const auto found = lexical_search(*library.database(), query, {}, 100, {});
    REQUIRE(found);
    return found->size();
}

std::string first_problem(const Library& library) {
    const auto problems = library.verify();
    REQUIRE(problems);
    return problems->empty() ? "" : problems->front().what + " (" + problems->front().where + ")";
}

/// SQL straight at the file, as damage would come.
void tamper(const std::filesystem::path& folder, const char* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((folder / "library.sqlite").c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

int mode_of(const std::filesystem::path& path) {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 0777;
}

} // namespace

TEST_CASE("library: pages, sections and chunks come back exactly as they were stored") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    MadeDocument made = made_document({"the first page tells of rivers", "",
                                       "Stra\xC3\x9F"
                                       "e und \xF0\x9F\x98\x80 auf Seite drei"});
    made.pages[0].text += std::string("\0nul", 4);
    made.chunks[0].text = made.pages[0].text;
    made.chunks[0].end += 4;
    made.chunks[1].start += 4;
    made.chunks[1].end += 4;
    made.pages[2].source = PageSource::Ocr;
    made.pages[2].blocks.push_back({BlockKind::Furniture, 3, 3, {}, 0, false});
    const DocumentId id = add_document(*library, draft_of("a.pdf"), made);

    CHECK(*library->stored_pages(id) == made.pages);
    CHECK(**library->page(id, 3) == made.pages[2]);
    CHECK_FALSE(library->page(id, 4)->has_value());
    CHECK(library->pages(id, 2, 2)->size() == 2);
    CHECK(*library->sections(id) == made.sections);
    const auto chunks = library->chunks(id, 1, 10);
    REQUIRE(chunks->size() == 2);
    CHECK((*chunks)[0].chunk == made.chunks[0]);
    CHECK((*chunks)[1].chunk == made.chunks[1]);
    const std::string whole = made.pages[0].text + "\f\f" + made.pages[2].text;
    CHECK(*library->text_bytes(id) == whole.size());
    for (size_t start = 0; start <= whole.size(); start += 3)
        for (size_t end = start; end <= whole.size() + 1; ++end)
            CHECK(*library->text(id, start, end) == whole.substr(start, end - start));
}

TEST_CASE("library: a byte range has the boxes of its words, on every page that it touches") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    const MadeDocument made = made_document({"one two three", "four five six"});
    const DocumentId id = add_document(*library, draft_of("a.pdf"), made);
    const auto boxes = library->boxes(id, 8, 18); // "three\ffour"
    REQUIRE(boxes->size() == 2);
    CHECK((*boxes)[0] == PageBox{1, made.pages[0].words[2].box});
    CHECK((*boxes)[1] == PageBox{2, made.pages[1].words[0].box});
}

TEST_CASE("page layout: a cut or changed layout is an error, never a crash") {
    const Page page = made_document({"alpha beta gamma delta"}).pages[0];
    const auto bytes = encode_layout(page);
    Page back = page;
    REQUIRE(decode_layout(bytes, back));
    CHECK(back == page);
    for (size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_layout(std::span(bytes).first(size), back));
    for (size_t at = 0; at < bytes.size(); ++at) {
        auto changed = bytes;
        changed[at] ^= std::byte{0x41};
        (void)decode_layout(changed, back); // either an error or offsets inside the text
        for (const Word& w : back.words) CHECK(w.end <= page.text.size());
    }
    back.text = "short";
    CHECK_FALSE(decode_layout(bytes, back));
}

TEST_CASE("library: folder and files are private") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    add_text(*library, "a.txt", {"secret words"});
    CHECK(mode_of(folder / "lib") == 0700);
    for (const auto& entry : std::filesystem::directory_iterator(folder / "lib")) CHECK(mode_of(entry.path()) == 0600);
}

TEST_CASE("library: a second writer is told that the library is busy, a reader is welcome and cannot write") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    const DocumentId id = add_text(*library, "a.txt", {"hello world"});
    const auto second = Library::open(folder / "lib", Access::Write);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::Busy);
    auto reader = open_library(folder / "lib", Access::Read);
    CHECK(reader->list()->size() == 1);
    CHECK(hits(*reader, "hello") == 1);
    const auto removed = reader->remove(std::vector{id});
    REQUIRE_FALSE(removed);
    CHECK(removed.error().kind == ErrorKind::NoPermission);
    reader.reset();
    library.reset();
    CHECK(open_library(folder / "lib")->list()->size() == 1);
}

TEST_CASE("library: reading where there is none says so and leaves nothing behind") {
    TemporaryFolder folder;
    const auto library = Library::open(folder / "none", Access::Read);
    REQUIRE_FALSE(library);
    CHECK(library.error().kind == ErrorKind::NotFound);
    CHECK_FALSE(std::filesystem::exists(folder / "none"));
}

TEST_CASE("library: a newer format, a foreign database and plain garbage are refused with a sentence") {
    TemporaryFolder folder;
    open_library(folder / "new").reset();
    tamper(folder / "new", "PRAGMA user_version = 999");
    const auto newer = Library::open(folder / "new", Access::Write);
    REQUIRE_FALSE(newer);
    CHECK(newer.error().kind == ErrorKind::Unsupported);
    CHECK(newer.error().message.find("newer Lectern") != std::string::npos);

    REQUIRE(create_private_directories(folder / "foreign"));
    tamper(folder / "foreign", "CREATE TABLE t (x)");
    CHECK(Library::open(folder / "foreign", Access::Write).error().kind == ErrorKind::Unsupported);

    REQUIRE(create_private_directories(folder / "garbage"));
    REQUIRE(write_file_atomic(folder / "garbage" / "library.sqlite", std::string(5000, 'x')));
    for (const Access access : {Access::Write, Access::Read}) {
        const auto garbage = Library::open(folder / "garbage", access);
        REQUIRE_FALSE(garbage);
        CHECK(garbage.error().kind == ErrorKind::Damaged);
    }
}

TEST_CASE("library: same path and same bytes are found again, an arriving document is continued") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    const DocumentDraft draft = draft_of("a.txt");
    const MadeDocument made = made_document({"one", "two", "three"});
    const auto id = library->begin_document(draft);
    REQUIRE(library->append(*id, std::span(made.pages).first(2), made.sections, std::span(made.chunks).first(1)));
    CHECK(library->arriving_documents()->size() == 1);
    CHECK(hits(*library, "one") == 1); // searchable at once
    CHECK(*library->begin_document(draft) == *id);
    CHECK(library->stored_pages(*id)->size() == 2);
    REQUIRE(library->append(*id, made.pages, made.sections, made.chunks)); // everything again
    REQUIRE(library->append(*id, made.pages, made.sections, made.chunks));
    CHECK(library->chunks(*id, 1, 100)->size() == 3);
    CHECK(hits(*library, "one") == 1);
    CHECK((*library->document(*id))->counts == PageCounts{3, 0, 0, 0});
    REQUIRE(library->finish_document(*id, {Outcome::Ready, {3, 0, 0, 0}, "Title", ""}));
    CHECK(library->arriving_documents()->empty());
    const auto by_path = library->find_by_path(draft.path);
    REQUIRE(by_path->size() == 1);
    CHECK(by_path->front().mtime_ns == 17);
    CHECK(by_path->front().title == "Title");
    CHECK(library->find_by_hash(draft.hash)->size() == 1);
    CHECK(library->find_by_hash(hash128("other"))->empty());
    CHECK(first_problem(*library) == "");
    CHECK_FALSE(library->append(*id, made.pages, {}, {})); // complete
}

TEST_CASE("library: pages with a gap and chunks that are not their pages' text are refused") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    MadeDocument made = made_document({"one", "two"});
    const auto id = library->begin_document(draft_of("a.txt"));
    CHECK(library->append(*id, std::span(made.pages).last(1), {}, {}).error().kind == ErrorKind::Internal);
    made.chunks[1].text = "lie";
    CHECK(library->append(*id, made.pages, made.sections, made.chunks).error().kind == ErrorKind::Internal);
    CHECK(library->stored_pages(*id)->empty()); // the failed append left nothing
    CHECK(hits(*library, "one") == 0);
}

TEST_CASE("library: a new revision takes the place of the old one only when it is complete") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    const DocumentId old_one = add_text(*library, "a.txt", {"the agreed price is seven"});
    DocumentDraft draft = draft_of("a.txt", "changed");
    draft.replaces = old_one;
    const auto made = made_document({"the agreed price is eight"});

    const auto failed = library->begin_document(draft);
    REQUIRE(library->append(*failed, made.pages, made.sections, made.chunks));
    CHECK(library->list()->size() == 2);
    CHECK_FALSE(library->finish_document(*failed, {Outcome::Damaged, {}, "", "broken"})->has_value());
    REQUIRE(library->list()->size() == 1);
    CHECK(library->list()->front().id == old_one);
    CHECK(hits(*library, "eight") == 0);
    CHECK(hits(*library, "seven") == 1);

    const auto id = library->begin_document(draft);
    CHECK(*id != *failed);
    REQUIRE(library->append(*id, made.pages, made.sections, made.chunks));
    CHECK(**library->finish_document(*id, {Outcome::Ready, {1, 0, 0, 0}, "", ""}) == old_one);
    REQUIRE(library->list()->size() == 1);
    CHECK(library->list()->front().revision == 2);
    CHECK(hits(*library, "seven") == 0);
    REQUIRE(library->erase_removed());
    CHECK(hits(*library, "price") == 1);
    CHECK(first_problem(*library) == "");
}

TEST_CASE("library: what is removed is in no file of the folder any more, and its id is not used again") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    std::mt19937 random(7);
    const auto filler = [&](int words) {
        std::string text;
        for (int i = 0; i < words; ++i) text += "word" + std::to_string(random() % 5000) + " ";
        return text;
    };
    const std::vector<std::string> secrets = {"zqxsecretalpha", "zqxsecretbeta", "zqxsecretheading"};
    std::vector<DocumentId> to_remove;
    for (int i = 0; i < 30; ++i) {
        std::vector<std::string> texts;
        for (int page = 0; page < 8; ++page)
            texts.push_back(filler(100) + (i % 3 == 0 ? secrets[static_cast<size_t>(page % 2)] + " " : "") +
                            filler(100));
        const DocumentId id = add_text(*library, "d" + std::to_string(i), texts, i % 3 == 0 ? secrets[2] : "plain");
        if (i % 3 == 0) to_remove.push_back(id);
    }
    CHECK(hits(*library, secrets[0]) > 0);
    REQUIRE(library->remove(to_remove));
    CHECK(hits(*library, secrets[0]) == 0);
    CHECK(library->list()->size() == 20);
    for (const bool closed : {false, true}) {
        if (closed) library.reset();
        for (const auto& entry : std::filesystem::directory_iterator(folder / "lib")) {
            const auto bytes = read_file(entry.path());
            REQUIRE(bytes);
            // "zqxsecret" is also what a prefix-compressed term of the word index would start with.
            CHECK_MESSAGE(bytes->find("zqxsecret") == std::string::npos, entry.path().string());
        }
    }
    library = open_library(folder / "lib");
    CHECK(first_problem(*library) == "");
    CHECK(number(add_text(*library, "next", {"x"})) > 30);
}

TEST_CASE("library: removing a document gives the index back as it was before the document came") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    add_text(*library, "keep", {"the keeper of the light house", "lights at night"});
    const auto before = lexical_search(*library->database(), "light keeper night", {}, 10, {});
    const DocumentId id = add_text(*library, "light", {"light light light", "night"}, "keeper");
    REQUIRE(library->remove(std::vector{id}));
    const auto after = lexical_search(*library->database(), "light keeper night", {}, 10, {});
    REQUIRE(after->size() == before->size());
    for (size_t i = 0; i < after->size(); ++i) {
        CHECK((*after)[i].chunk == (*before)[i].chunk);
        CHECK((*after)[i].score == doctest::Approx((*before)[i].score));
    }
}

TEST_CASE("library: a removal that was cut short goes on and stays out of every list meanwhile") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    const DocumentId id = add_text(*library, "a", {"ephemeral"});
    std::stop_source stop;
    stop.request_stop();
    CHECK(library->remove(std::vector{id}, stop.get_token()).error().kind == ErrorKind::Cancelled);
    CHECK(library->list()->empty());
    CHECK(hits(*library, "ephemeral") == 0);
    library.reset();
    library = open_library(folder / "lib");
    CHECK(library->list()->empty());
    REQUIRE(library->erase_removed());
    CHECK(library->stored_pages(id)->empty());
    CHECK(first_problem(*library) == "");
}

TEST_CASE("library: verify names what is wrong, and rebuilding the words makes it right") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    add_text(*library, "a", {"alpha beta", "gamma"});
    CHECK(first_problem(*library) == "");
    library.reset();
    SUBCASE("a chunk missing from the word index") {
        tamper(folder / "lib", "DELETE FROM words_docsize WHERE id = 1");
        library = open_library(folder / "lib");
        CHECK(first_problem(*library).find("not in the word index (document 1, chunk 1)") != std::string::npos);
    }
    SUBCASE("a word index with garbage inside") {
        tamper(folder / "lib", "UPDATE words_data SET block = zeroblob(length(block)) WHERE id > 100");
        library = open_library(folder / "lib");
        CHECK(first_problem(*library).find("word index") != std::string::npos);
    }
    SUBCASE("a word index that is gone") {
        tamper(folder / "lib", "DELETE FROM words_data");
        library = open_library(folder / "lib");
        CHECK(first_problem(*library) != "");
    }
    REQUIRE(library->rebuild(Rebuild::Words));
    CHECK(first_problem(*library) == "");
    CHECK(hits(*library, "alpha") == 1);
}

TEST_CASE("library: verify finds a chunk outside its text, a page with wrong bytes and an unreadable layout") {
    TemporaryFolder folder;
    add_text(*open_library(folder / "lib"), "a", {"alpha beta", "gamma"});
    const char* expected = "";
    SUBCASE("chunk") {
        tamper(folder / "lib", "UPDATE chunks SET \"end\" = 4000 WHERE id = 2"), expected = "the chunk lies outside";
    }
    SUBCASE("page") {
        tamper(folder / "lib", "UPDATE pages SET text = 'x' WHERE number = 1"), expected = "the page is not where";
    }
    SUBCASE("layout") {
        tamper(folder / "lib", "UPDATE pages SET layout = x'1234' WHERE number = 1"),
            expected = "the places of the words";
    }
    CHECK(first_problem(*open_library(folder / "lib")).find(expected) != std::string::npos);
}

TEST_CASE("library: a full disk fails one append with a sentence and leaves the library as it was") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    add_text(*library, "kept", {"kept words"});
    const auto big = made_document(std::vector<std::string>(64, std::string(100'000, 'a') + " filler"));
    const auto id = library->begin_document(draft_of("big"));
    REQUIRE(id);
    // A limit on file size stands for the full disk: writing beyond it fails, as writing to a full one does.
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit small{1 << 20, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto full = library->append(*id, big.pages, big.sections, big.chunks);
    ::setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE_FALSE(full);
    CHECK_MESSAGE(full.error().kind == ErrorKind::DiskFull, full.error().message);
    CHECK(first_problem(*library) == "");
    CHECK(hits(*library, "kept") == 1);
    REQUIRE(library->append(*id, big.pages, big.sections, big.chunks)); // and with room again it goes on
    CHECK(library->chunks(*id, 1, 100)->size() == 64);
    CHECK(first_problem(*library) == "");
}

TEST_CASE("library: many readers search while one writer adds") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    add_text(*library, "first", {"common ground"});
    std::atomic<bool> done = false;
    std::atomic<int> failures = 0, searches = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&] {
            while (!done) {
                const auto found = lexical_search(*library->database(), "common", {}, 5, {});
                if (!found || found->empty() || !library->list()) ++failures;
                ++searches;
            }
        });
    for (int i = 0; i < 40; ++i) add_text(*library, "d" + std::to_string(i), {"common text " + std::to_string(i)});
    while (searches < 20) std::this_thread::yield();
    done = true;
    readers.clear();
    CHECK(failures == 0);
    CHECK(hits(*library, "common") == 41);
}

TEST_CASE("library: a short write gets its turn during a long add") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    const DocumentId other = add_text(*library, "other", {"x"});
    std::vector<std::string> texts;
    for (int i = 0; i < 12000; ++i) texts.push_back("flood word" + std::to_string(i));
    const MadeDocument made = made_document(texts);
    const auto id = library->begin_document(draft_of("a"));
    std::atomic<bool> added = false;
    std::jthread adder([&] {
        if (library->append(*id, made.pages, made.sections, made.chunks)) added = true;
    });
    while (!*library->page(*id, 1)) std::this_thread::yield();
    REQUIRE(library->set_mtime(other, 99));
    CHECK_FALSE(added);
    adder.join();
    CHECK(added);
}

TEST_CASE("library: a document that is removed while it arrives takes no more pages") {
    TemporaryFolder folder;
    auto library = open_library(folder / "lib");
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i) texts.push_back("flood word" + std::to_string(i));
    const MadeDocument made = made_document(texts);
    const auto id = library->begin_document(draft_of("a"));
    Result<void> appended;
    {
        // Again and again: what is stored already is skipped, so the removal comes in the middle of one of them, or between.
        std::jthread adder([&] {
            do appended = library->append(*id, made.pages, made.sections, made.chunks);
            while (appended);
        });
        while (!*library->page(*id, 1)) std::this_thread::yield();
        REQUIRE(library->remove(std::vector{*id}));
    }
    REQUIRE_FALSE(appended);
    CHECK(appended.error().kind == ErrorKind::NotFound);
    CHECK(hits(*library, "flood") == 0);
    CHECK(first_problem(*library) == "");
    CHECK(library->append(*id, made.pages, {}, {}).error().kind == ErrorKind::NotFound);
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// A child of this program adds a document and is killed at some moment; the parent then looks at what is left. Called
// with
// --child FOLDER it is that child.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <random>
#include <thread>

#include "retrieval/lexical/lexical_search.h"
#include "retrieval/search/searcher.h"
#include "tests/retrieval/made_documents.h"
#include "tests/support/temporary_folder.h"

extern char** environ;

using namespace lectern;

namespace {

constexpr int kPages = 1500;

MadeDocument whole_document() {
    std::vector<std::string> texts;
    for (int i = 1; i <= kPages; ++i) {
        std::string text = "everywhere page" + std::to_string(i);
        for (int w = 0; w < 60; ++w) text += " filler" + std::to_string((i * 31 + w * 7) % 997);
        texts.push_back(text);
    }
    return made_document(texts);
}

/// Adds as app would: small batches, from the first page that is missing; chunks from the start, as they are cut anew.
/// With `erase` it also removes an older document beside it, so that kills fall into removals too.
int add_and_remove(const std::filesystem::path& folder) {
    auto library = Library::open(folder, Access::Write);
    if (!library) return 2;
    const MadeDocument made = whole_document();
    if (!(*library)->erase_removed()) return 3;
    for (int round = 0;; ++round) {
        const DocumentId side =
            add_text(**library, "side" + std::to_string(round), {"passing words", "more passing words"});
        const auto id = (*library)->begin_document(draft_of("big"));
        if (!id) return 4;
        const auto stored = (*library)->stored_pages(*id);
        if (!stored) return 5;
        constexpr size_t kBatch = 10;
        size_t from = stored->size() / kBatch * kBatch;
        if (from >= kPages) return 0;
        for (size_t end = from + kBatch * 3; from < end && from < kPages; from += kBatch)
            if (!(*library)->append(*id, std::span(made.pages).subspan(from, kBatch), made.sections,
                                    std::span(made.chunks).first(from + kBatch)))
                return 6;
        if (!(*library)->remove(std::vector{side})) return 7;
    }
}

pid_t start_child(const std::filesystem::path& folder) {
    std::string self = "/proc/self/exe", flag = "--child", path = folder.string();
    char* arguments[] = {self.data(), flag.data(), path.data(), nullptr};
    pid_t child = 0;
    REQUIRE(::posix_spawn(&child, self.c_str(), nullptr, nullptr, arguments, environ) == 0);
    return child;
}

void check_what_is_left(Library& library, const MadeDocument& made) {
    const auto problems = library.verify();
    REQUIRE(problems);
    for (const Problem& p : *problems) FAIL_CHECK(p.what << " " << p.where);
    const auto arriving = library.arriving_documents();
    REQUIRE(arriving);
    for (const DocumentInfo& document : *arriving) {
        if (document.name != "big") continue;
        const auto pages = library.stored_pages(document.id);
        REQUIRE(pages);
        CHECK(document.counts.all() == static_cast<int>(pages->size()));
        CHECK(std::equal(pages->begin(), pages->end(), made.pages.begin()));
        const auto chunks = library.chunks(document.id, 1, kPages);
        REQUIRE(chunks);
        for (size_t i = 0; i < chunks->size(); ++i) CHECK((*chunks)[i].chunk == made.chunks[i]);
    }
}

} // namespace

TEST_CASE("library: an add that is killed at any moment leaves a sound library and goes on without duplicates") {
    TemporaryFolder folder;
    const MadeDocument made = whole_document();
    std::mt19937 random(static_cast<unsigned>(::getpid()));
    int killed = 0;
    size_t stored_before = 0;
    for (int round = 0; round < 20; ++round) {
        const pid_t child = start_child(folder / "lib");
        std::this_thread::sleep_for(std::chrono::milliseconds(5 + random() % 120));
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        if (WIFSIGNALED(status))
            ++killed;
        else
            CHECK(WEXITSTATUS(status) == 0);
        auto library = Library::open(folder / "lib", Access::Write);
        REQUIRE_MESSAGE(library, (library ? "" : library.error().message));
        check_what_is_left(**library, made);
        const auto big = (*library)->find_by_path(draft_of("big").path);
        REQUIRE(big);
        const size_t stored = big->empty() ? 0 : static_cast<size_t>(big->front().counts.all());
        CHECK(stored >= stored_before); // finished work is kept
        stored_before = stored;
    }
    CHECK(killed > 10);

    auto library = Library::open(folder / "lib", Access::Write);
    REQUIRE(library);
    const auto id = (*library)->begin_document(draft_of("big"));
    REQUIRE((*library)->append(*id, made.pages, made.sections, made.chunks));
    REQUIRE((*library)->finish_document(*id, {Outcome::Ready, {kPages, 0, 0, 0}, "", ""}));
    check_what_is_left(**library, made);
    CHECK((*library)->chunks(*id, 1, 2 * kPages)->size() == kPages);
    CHECK(lexical_search(*(*library)->database(), "everywhere", std::vector{*id}, 2 * kPages, {})->size() == kPages);
    CHECK(lexical_search(*(*library)->database(), "page" + std::to_string(kPages), {}, 10, {})->size() == 1);
}

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "--child") == 0) return add_and_remove(argv[2]);
    return doctest::Context(argc, argv).run();
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include "engine/base/file.h"
#include "retrieval/store/chat_store.h"
#include "retrieval/store/job_store.h"
#include "retrieval/store/settings_store.h"
#include "tests/retrieval/made_documents.h"
#include "tests/support/temporary_folder.h"

using namespace lectern;

namespace {

struct Opened {
    TemporaryFolder folder;
    std::unique_ptr<Library> library = std::move(*Library::open(folder / "lib", Access::Write));
    ChatStore chats{library->database()};
    JobStore jobs{library->database()};
    SettingsStore settings{library->database()};
};

Turn turn_about(DocumentId document, ChunkId chunk) {
    Turn turn;
    turn.question = "what is it?";
    turn.answer = "a thing [1].";
    turn.model = "starter";
    turn.mode = "document";
    turn.tokens = std::vector<uint32_t>{1, 70'000, 0xFFFFFFFF};
    turn.extra = R"({"seams":[3]})";
    turn.documents = {document};
    turn.citations.push_back({1, 1, document, 1, "a.txt", chunk, 0, 5, 1, "i", "thing"});
    return turn;
}

} // namespace

TEST_CASE("chats: a turn comes back as it was stored") {
    Opened at;
    const DocumentId document = add_text(*at.library, "a.txt", {"thing of beauty"});
    const auto chat = at.chats.create("Title", "2026-11-25", std::vector{document});
    REQUIRE(chat);
    Turn turn = turn_about(document, ChunkId{1});
    for (int ordinal = 1; ordinal <= 2; ++ordinal) {
        const auto id = at.chats.add_turn(*chat, turn);
        REQUIRE(id);
        const Turn back = at.chats.turns(*chat)->back();
        CHECK(back.created_ms > 0);
        turn.id = *id;
        turn.ordinal = ordinal;
        turn.created_ms = back.created_ms;
        CHECK(back == turn);
    }
    CHECK(at.chats.list()->front().turns == 2);
    CHECK(at.chats.list()->front().documents == std::vector{document});
    CHECK((*at.chats.chat(*chat))->date == "2026-11-25");
    REQUIRE(at.chats.rename(*chat, "Other"));
    CHECK((*at.chats.chat(*chat))->title == "Other");
    REQUIRE(at.chats.remove(*chat));
    CHECK(at.chats.list()->empty());
    CHECK(at.chats.turns(*chat)->empty());
    CHECK(at.chats.add_turn(*chat, turn).error().kind == ErrorKind::NotFound);
}

TEST_CASE("chats: with a document go its quotes and the tokens that held it, the answer stays") {
    Opened at;
    const DocumentId document = add_text(*at.library, "a.txt", {"thing of beauty"});
    const DocumentId other = add_text(*at.library, "b.txt", {"thing of no beauty"});
    const auto about_it = at.chats.create("x", "d", std::vector{document});
    const auto about_other = at.chats.create("y", "d", std::vector{other});
    const auto about_all = at.chats.create("z", "d", {});
    REQUIRE(at.chats.add_turn(*about_it, turn_about(document, ChunkId{1})));
    REQUIRE(at.chats.add_turn(*about_other, turn_about(other, ChunkId{2})));
    REQUIRE(at.chats.add_turn(*about_all, turn_about(document, ChunkId{1})));
    REQUIRE(at.library->remove(std::vector{document}));
    for (const ChatId chat : {*about_it, *about_all}) {
        const Turn turn = at.chats.turns(chat)->front();
        CHECK_FALSE(turn.tokens);
        CHECK(turn.answer == "a thing [1].");
        REQUIRE(turn.citations.size() == 1);
        CHECK(turn.citations[0].quote.empty());
        CHECK_FALSE(turn.citations[0].document);
        CHECK(turn.citations[0].name == "a.txt");
    }
    CHECK(at.chats.turns(*about_other)->front().tokens);
    CHECK(at.chats.turns(*about_other)->front().citations[0].quote == "thing");
    CHECK(at.chats.create("q", "d", std::vector{document}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("chats: a new revision keeps the chat's quotes and takes over its scope") {
    Opened at;
    const DocumentId document = add_text(*at.library, "a.txt", {"thing of beauty"});
    const auto chat = at.chats.create("x", "d", std::vector{document});
    REQUIRE(at.chats.add_turn(*chat, turn_about(document, ChunkId{1})));
    DocumentDraft draft = draft_of("a.txt", "new");
    draft.replaces = document;
    const DocumentId next = add_document(*at.library, draft, made_document({"another thing"}));
    REQUIRE(at.library->erase_removed());
    CHECK((*at.chats.chat(*chat))->documents == std::vector{next});
    const Citation citation = at.chats.turns(*chat)->front().citations[0];
    CHECK(citation.quote == "thing");
    CHECK(citation.document == next);
    CHECK(citation.revision == 1); // it was the first revision that said so
}

TEST_CASE("jobs: an unfinished job tells after a restart what is still to do") {
    Opened at;
    const auto job = at.jobs.create("add", R"({"ocr":true})");
    REQUIRE(job);
    REQUIRE(at.jobs.add_paths(*job, std::vector<std::string>{"/a", "/b"}, true));
    REQUIRE(at.jobs.add_paths(*job, std::vector<std::string>{"/b", "/c"}, false));
    const DocumentId document = add_text(*at.library, "a.txt", {"x"});
    REQUIRE(at.jobs.set_outcome(*job, "/a", Outcome::Ready, document, ""));
    REQUIRE(at.jobs.set_outcome(*job, "/c", Outcome::Damaged, {}, "broken"));
    CHECK(at.jobs.unfinished()->front().options == R"({"ocr":true})");
    const auto to_do = at.jobs.items_to_do(*job);
    REQUIRE(to_do->size() == 1);
    CHECK(to_do->front() == JobItem{2, "/b", true, {}, {}, ""});
    CHECK(at.jobs.items(*job)->at(0).document == document);
    CHECK(at.jobs.items(*job)->at(2) == JobItem{3, "/c", false, Outcome::Damaged, {}, "broken"});
    REQUIRE(at.jobs.finish(*job));
    CHECK(at.jobs.unfinished()->empty());
    REQUIRE(at.jobs.remove(*job));
    CHECK(at.jobs.items(*job)->empty());
}

TEST_CASE("settings: a value is JSON, and is there after a restart") {
    Opened at;
    CHECK_FALSE(at.settings.get("x")->has_value());
    REQUIRE(at.settings.set("x", R"({"a":[1,2]})"));
    REQUIRE(at.settings.set("x", "7"));
    CHECK_FALSE(at.settings.set("x", "{broken"));
    CHECK(**at.settings.get("x") == "7");
    CHECK(at.settings.all()->size() == 1);
    REQUIRE(at.settings.remove("x"));
    CHECK(at.settings.all()->empty());
}

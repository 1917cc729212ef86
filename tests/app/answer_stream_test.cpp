// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include <random>

#include "app/answer/answer_json.h"
#include "app/answer/answer_stream.h"

using namespace lectern;

namespace {

struct Streamed {
    std::string text;
    std::vector<CitationEvent> citations;
    std::vector<CheckEvent> checks;
};

Streamed stream(const std::vector<std::string>& pieces, int first_id = 1) {
    const CitationChecker checker({{1, 5, "a.pdf", 0, "The pump weighs 86 kg. It is quiet."},
                                   {2, 5, "a.pdf", 100, "The warranty period is 24 months."}});
    const auto place = [&](const Support& s) {
        CitationEvent event;
        event.document = checker.passages()[s.passage].document;
        event.page = int(s.passage) + 1;
        event.quote = checker.passages()[s.passage].text.substr(s.begin, s.end - s.begin);
        return event;
    };
    Streamed out;
    std::string tokens;
    AnswerStream answer(checker, place, first_id, "Not found in the documents.", [&](const AnswerEvent& event) {
        if (const auto* token = std::get_if<TokenEvent>(&event)) tokens += token->text;
        if (const auto* citation = std::get_if<CitationEvent>(&event)) out.citations.push_back(*citation);
        if (const auto* check = std::get_if<CheckEvent>(&event)) out.checks.push_back(*check);
    });
    for (const std::string& piece : pieces) answer.push(piece);
    answer.finish();
    CHECK(tokens == answer.text());
    out.text = answer.text();
    return out;
}

} // namespace

TEST_CASE("answer_stream: a mark becomes the number of the citation, the model's leading blank goes") {
    const Streamed s = stream({" 86", " kg", " [", "1", "]"});
    CHECK(s.text == "86 kg [1]");
    REQUIRE(s.citations.size() == 1);
    CHECK(s.citations[0].quote == "The pump weighs 86 kg.");
    CHECK(s.citations[0].mark == 1);
    REQUIRE(s.checks.size() == 1);
    CHECK(s.text.substr(s.checks[0].start, s.checks[0].end - s.checks[0].start) == "86 kg");
}

TEST_CASE("answer_stream: numbers go on through the talk, and the same place keeps its number") {
    const Streamed s = stream({"86 kg [1]. The warranty period is 24 months [2]. 86 kg [1]."}, 4);
    CHECK(s.text == "86 kg [4]. The warranty period is 24 months [5]. 86 kg [4].");
    CHECK(s.citations.size() == 2);
}

TEST_CASE("answer_stream: a sentence without a mark is tied to its source all the same") {
    const Streamed s = stream({"The warranty period is 24 months. It is quiet."});
    CHECK(s.text.starts_with("The warranty period is 24 months. [1]"));
    CHECK(s.citations.at(0).mark == 0);
}

TEST_CASE("answer_stream: a mark that was not offered is dropped and the sentence is marked") {
    const Streamed s = stream({"Nobody lives there [7]."});
    CHECK(s.text == "Nobody lives there.");
    CHECK(s.citations.empty());
    REQUIRE(s.checks.size() == 1);
    CHECK(s.checks[0].verdict == Verdict::Unsupported);
}

TEST_CASE("answer_stream: what says that nothing was found is not checked") {
    const Streamed s = stream({" Not found in", " the documents."});
    CHECK(s.text == "Not found in the documents.");
    CHECK(s.checks.empty());
}

TEST_CASE("answer_stream: brackets that are no marks stay, however the stream is cut") {
    const std::string answer = "See [sic] and [1 and a[3]b [2, 9] then [] [12345678901] 86 kg [1";
    const std::string whole = stream({answer}).text;
    std::mt19937 random(3);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::string> pieces;
        for (size_t at = 0; at < answer.size();) {
            const size_t size = 1 + random() % 5;
            pieces.push_back(answer.substr(at, size));
            at += size;
        }
        CHECK(stream(pieces).text == whole);
    }
    CHECK(whole.find("[sic]") != std::string::npos);
    CHECK(whole.find("[]") != std::string::npos);
}

TEST_CASE("answer_json: events have the members that the contract names") {
    CitationEvent citation;
    citation.id = 2;
    citation.boxes = {{3, {0, 0.5f, 1, 0.75f}}};
    CHECK(to_json(citation).find(R"("boxes":[[3,0.0,0.5,1.0,0.75]])") != std::string::npos);
    CHECK(to_json(StartEvent{}).find(R"("as_of_page":null)") != std::string::npos);
    CHECK(to_json(CheckEvent{1, 2, Verdict::Partly, {4}}) == R"({"event":"check","sentence":{"start":1,"end":2},"verdict":"partly","citations":[4]})");
    CHECK(to_json(TokenEvent{"\xff"}).find("\xEF\xBF\xBD") != std::string::npos);
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <doctest/doctest.h>

#include "app/answer/citation_checker.h"

using namespace lectern;

namespace {

std::vector<OfferedPassage> passages() {
    return {{1, 7, "pump.pdf", 0, "The pump is quiet. It weighs 86 kg.\nService is due once a year, or every 500 hours."},
            {2, 7, "pump.pdf", 900, "The housing is made of bronze. The warranty ends after 24 months."},
            {3, 8, "lease.pdf", 100, "The rent is 1,250.50 euros a month.\fThe deposit is 2,000 euros."}};
}

std::string quote(const CitationChecker& checker, const Support& support) {
    return checker.passages()[support.passage].text.substr(support.begin, support.end - support.begin);
}

} // namespace

TEST_CASE("citation_checker: words that stand on the page are verified, and the quote is their sentence") {
    const CitationChecker checker(passages());
    const int claimed[] = {1};
    const Checked checked = checker.check("86 kg", claimed);
    CHECK(checked.verdict == Verdict::Verified);
    REQUIRE(checked.support.size() == 1);
    CHECK(quote(checker, checked.support[0]) == "It weighs 86 kg.");
}

TEST_CASE("citation_checker: a mark that points beside its source is moved to the passage that has the words") {
    const CitationChecker checker(passages());
    const int claimed[] = {3};
    const Checked checked = checker.check("The warranty ends after 24 months.", claimed);
    CHECK(checked.verdict == Verdict::Verified);
    REQUIRE(checked.support.size() == 1);
    CHECK(checked.support[0].passage == 1);
}

TEST_CASE("citation_checker: a mark that was not offered counts only if something else supports the sentence") {
    const CitationChecker checker(passages());
    const int claimed[] = {9};
    CHECK(checker.check("The crew enjoys free lunches.", claimed).verdict == Verdict::Unsupported);
    CHECK(checker.check("The crew enjoys free lunches.", claimed).support.empty());
    CHECK(checker.check("It weighs 86 kg.", claimed).support.size() == 1);
}

TEST_CASE("citation_checker: a number that the source does not have supports nothing") {
    const CitationChecker checker(passages());
    const int claimed[] = {2};
    CHECK(checker.check("The warranty ends after 36 months.", claimed).verdict == Verdict::Unsupported);
    CHECK(checker.check("The rent is 1,250.5 euros a month.", claimed).verdict == Verdict::Unsupported);
    CHECK(checker.check("The rent is 1,250.50 euros a month.", claimed).verdict == Verdict::Verified);
}

TEST_CASE("citation_checker: other words for the same thing are partly supported, a sentence without claim is gist") {
    const CitationChecker checker(passages());
    const int claimed[] = {2};
    CHECK(checker.check("The housing consists of bronze.", claimed).verdict == Verdict::Partly);
    CHECK(checker.check("The parties seem to agree.", {}).verdict == Verdict::Gist);
    CHECK(checker.check("the", claimed).verdict == Verdict::Unsupported);
}

TEST_CASE("citation_checker: a quote never crosses a page") {
    const CitationChecker checker(passages());
    const int claimed[] = {3};
    for (const char* sentence : {"The rent is 1,250.50 euros and the deposit 2,000 euros.", "The deposit is 2,000 euros."})
        for (const Support& support : checker.check(sentence, claimed).support)
            CHECK(quote(checker, support).find('\f') == std::string::npos);
    CHECK(quote(checker, checker.check("The deposit is 2,000 euros.", claimed).support.at(0)) == "The deposit is 2,000 euros.");
}

TEST_CASE("sentences_of: abbreviations and numbers end no sentence, blocks and pages do") {
    const std::string text = "Dr. J. Smith paid 3.5 per cent, i.e. too much. It was late\n\nA heading\fNext page. End";
    std::vector<std::string> sentences;
    for (const TextRange& range : sentences_of(text)) sentences.push_back(text.substr(range.start, range.end - range.start));
    CHECK(sentences == std::vector<std::string>{"Dr. J. Smith paid 3.5 per cent, i.e. too much.", "It was late", "A heading",
                                                "Next page.", "End"});
}

TEST_CASE("normalised_words: case, accents and ligatures do not matter, numbers stay whole") {
    CHECK(normalised_words("L’INDEMNITÉ, ﬁxée à 4 685,50 euros.") == std::vector<std::string>{"l", "indemnite", "fixee", "a", "4", "685,50", "euros"});
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/citation_checker.h"

#include <algorithm>
#include <unordered_set>

#include "app/answer/word_fold.h"
#include "engine/base/utf8.h"
#include "retrieval/lexical/stop_words.h"

namespace lectern {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

/// Share of the sentence's content words that the unit has, 1 if it holds the sentence word for word, 0 if a number of
/// the sentence is missing.
double support_of(std::span<const std::string> sentence, std::span<const std::string> unit) {
    // Common words alone stand everywhere and prove nothing.
    if (std::all_of(sentence.begin(), sentence.end(), [](const std::string& word) { return is_stop_word(word); })) return 0;
    if (std::search(unit.begin(), unit.end(), sentence.begin(), sentence.end()) != unit.end()) return 1;
    const std::unordered_set<std::string_view> there(unit.begin(), unit.end());
    double content = 0, found = 0;
    for (const std::string& word : sentence) {
        const bool is_there = there.contains(word);
        if (has_digit(word) && !is_there) return 0;
        if (is_stop_word(word)) continue;
        ++content;
        found += is_there ? 1 : 0;
    }
    // Words that are there but scattered are never as good as the sentence itself.
    return 0.99 * found / content;
}

} // namespace

std::vector<std::string> normalised_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto flush = [&] {
        while (!word.empty() && (word.back() == '.' || word.back() == ',')) word.pop_back();
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const char byte = text[at];
        at += c.size;
        // 1,250.50 is one word; "end." is not.
        const bool inside_number =
            (byte == '.' || byte == ',') && !word.empty() && is_digit(word.back()) && at < text.size() && is_digit(text[at]);
        if (inside_number) word += byte;
        else if (is_word_character(c.code)) append_folded(word, c.code);
        else flush();
    }
    flush();
    return words;
}

std::vector<TextRange> sentences_of(std::string_view text) {
    std::vector<TextRange> sentences;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min({text.find("\n\n", begin), text.find('\f', begin), text.size()});
        for (const TextRange& range : split_sentences(text.substr(begin, end - begin), text.size(), /*lines=*/false))
            sentences.push_back({uint32_t(begin + range.start), uint32_t(begin + range.end)});
        begin = end + 1;
    }
    return sentences;
}

CitationChecker::CitationChecker(std::vector<OfferedPassage> passages) : passages_(std::move(passages)) {
    for (size_t p = 0; p < passages_.size(); ++p) {
        const std::string_view text = passages_[p].text;
        for (const TextRange& range : sentences_of(text))
            units_.push_back({p, range.start, range.end, normalised_words(text.substr(range.start, range.end - range.start))});
    }
}

Support CitationChecker::best_in(std::span<const std::string> words, size_t passage) const {
    Support best{passage, 0, 0, 0};
    for (const Unit& unit : units_) {
        if (unit.passage != passage) continue;
        const double score = support_of(words, unit.words);
        if (score > best.score) best = {passage, unit.begin, unit.end, score};
    }
    // An answer may draw on two neighbours ("The pump … . It weighs 86 kg."), unless a page lies between them; a longer
    // quote has to say clearly more.
    constexpr double kWorthTwo = 0.15;
    const double alone = best.score;
    for (size_t u = 0; u + 1 < units_.size(); ++u) {
        if (units_[u].passage != passage || units_[u + 1].passage != passage) continue;
        const std::string_view between =
            std::string_view(passages_[passage].text).substr(units_[u].end, units_[u + 1].begin - units_[u].end);
        if (between.find('\f') != std::string_view::npos) continue;
        std::vector<std::string> both = units_[u].words;
        both.insert(both.end(), units_[u + 1].words.begin(), units_[u + 1].words.end());
        const double score = support_of(words, both);
        if (score > alone + kWorthTwo && score > best.score) best = {passage, units_[u].begin, units_[u + 1].end, score};
    }
    return best;
}

Checked CitationChecker::check(std::string_view sentence, std::span<const int> claimed) const {
    const std::vector<std::string> words = normalised_words(sentence);
    Checked result;
    result.verdict = claimed.empty() ? Verdict::Gist : Verdict::Unsupported;
    if (words.empty()) return result;

    std::vector<Support> kept;
    Support best;
    for (size_t p = 0; p < passages_.size(); ++p) {
        const Support support = best_in(words, p);
        const bool is_claimed = std::find(claimed.begin(), claimed.end(), passages_[p].mark) != claimed.end();
        if (is_claimed && support.score >= kPartly) kept.push_back(support);
        if (support.score > best.score) best = support;
    }
    const bool found_better =
        best.score >= kPartly && std::none_of(kept.begin(), kept.end(), [&](const Support& s) {
            return s.score >= kVerified || s.score >= best.score;
        });
    if (found_better) kept.assign(1, best);
    if (kept.empty()) return result;
    // A sentence of one common word is found anywhere; without a claim that ties it to nothing.
    constexpr size_t kWordsToStandAlone = 4;
    if (claimed.empty() && words.size() < kWordsToStandAlone && best.score < 1) return result;
    const double strongest =
        std::max_element(kept.begin(), kept.end(), [](auto& a, auto& b) { return a.score < b.score; })->score;
    result.verdict = strongest >= kVerified ? Verdict::Verified : Verdict::Partly;
    result.support = std::move(kept);
    return result;
}

} // namespace lectern

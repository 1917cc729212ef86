// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/citation_checker.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "app/answer/word_fold.h"
#include "engine/base/utf8.h"

namespace lectern {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

bool is_stop_word(std::string_view word) {
    static const std::unordered_set<std::string_view> kWords = {
        "a",    "an",  "and", "are", "as",  "at",   "be",   "been", "by",   "for",  "from", "has",  "have", "in",  "is",
        "it",   "its", "of",  "on",  "or",  "that", "the",  "this", "to",   "was",  "were", "with", "which", "will",
        "du",   "de",  "des", "la",  "le",  "les",  "un",   "une",  "et",   "en",   "au",   "aux",  "est",  "que", "qui",
        "der",  "die", "das", "und", "ist", "von",  "zu",   "den",  "dem",  "ein",  "eine", "im",   "l",    "d",   "s"};
    return kWords.contains(word);
}

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

std::vector<size_t> sentence_ends(std::string_view text) {
    static constexpr std::array<std::string_view, 22> kAbbreviations = {
        "art", "cf", "co", "corp", "dr", "e.g", "fig", "i.e", "inc", "jr", "ltd", "m", "mme", "mr", "mrs", "ms", "no",
        "nos", "p", "pp", "st", "vs"};
    std::vector<size_t> ends;
    size_t word_start = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ' ' || c == '\n' || c == '\t') {
            word_start = i + 1;
            if (c == '\n' && i + 1 < text.size() && text[i + 1] == '\n' && i > 0) ends.push_back(i); // a block ends
            continue;
        }
        if (c == '\f') { // a page ends
            ends.push_back(i);
            word_start = i + 1;
            continue;
        }
        if (c != '.' && c != '!' && c != '?') continue;
        size_t after = i + 1;
        while (after < text.size() && (text[after] == '"' || text[after] == ')' || text[after] == '\'')) ++after;
        if (after < text.size() && text[after] != ' ' && text[after] != '\n' && text[after] != '\f') continue;
        if (c == '.') {
            std::string word;
            for (char w : text.substr(word_start, i - word_start)) word += char(w >= 'A' && w <= 'Z' ? w + 32 : w);
            if (word.size() == 1 && word[0] >= 'a' && word[0] <= 'z') continue; // an initial
            if (std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end()) continue;
            const bool number = !word.empty() && std::all_of(word.begin(), word.end(), [](char w) { return is_digit(w) || w == '.'; });
            const bool at_line_start = word_start == 0 || text[word_start - 1] == '\n';
            if (number && at_line_start) continue; // "14.2. Either party …": the number belongs to its clause
        }
        ends.push_back(after);
    }
    if (ends.empty() || ends.back() != text.size()) ends.push_back(text.size());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    return ends;
}

CitationChecker::CitationChecker(std::vector<OfferedPassage> passages) : passages_(std::move(passages)) {
    for (size_t p = 0; p < passages_.size(); ++p) {
        const std::string_view text = passages_[p].text;
        size_t begin = 0;
        for (const size_t end : sentence_ends(text)) {
            size_t from = begin, to = end;
            while (from < to && (text[from] == ' ' || text[from] == '\n' || text[from] == '\f')) ++from;
            while (to > from && (text[to - 1] == ' ' || text[to - 1] == '\n')) --to;
            if (to > from) units_.push_back({p, from, to, normalised_words(text.substr(from, to - from))});
            begin = end;
        }
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

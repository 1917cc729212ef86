// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/answer_stream.h"

#include <algorithm>

#include <fmt/format.h>

namespace lectern {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

} // namespace

AnswerStream::AnswerStream(const CitationChecker& checker, std::function<CitationEvent(const Support&)> place, int first_id,
                           std::string not_found, AnswerSink sink)
    : checker_(checker), place_(std::move(place)), first_id_(first_id), not_found_(std::move(not_found)), sink_(std::move(sink)),
      filter_([this](std::string_view text) { take_text(text); }, [this](const std::vector<int>& marks) { take_marks(marks); }) {}

void AnswerStream::emit(std::string_view text) {
    if (text.empty()) return;
    answer_ += text;
    sink_(TokenEvent{std::string(text)});
}

void AnswerStream::take_text(std::string_view text) {
    if (answer_.empty())
        while (!text.empty() && is_blank(text.front())) text.remove_prefix(1); // models like to begin with a blank
    while (!text.empty()) {
        // A sentence is complete when something else follows it.
        const std::string open = answer_.substr(open_from_) + std::string(text);
        const size_t emitted = answer_.size() - open_from_;
        const std::vector<TextRange> sentences = sentences_of(open);
        if (sentences.size() < 2) break;
        const size_t end = sentences.front().end;
        const size_t rest = end > emitted ? end - emitted : 0;
        emit(text.substr(0, rest));
        text.remove_prefix(rest);
        close_sentence({});
    }
    emit(text);
}

void AnswerStream::take_marks(const std::vector<int>& marks) { close_sentence(marks); }

void AnswerStream::close_sentence(std::span<const int> claimed) {
    const size_t from = open_from_;
    size_t to = answer_.size();
    const std::string_view sentence = trimmed(std::string_view(answer_).substr(from));
    open_from_ = to;
    if (sentence.empty() || normalised_words(sentence).empty() || sentence == not_found_) return;
    const size_t start = size_t(sentence.data() - answer_.data());
    to = start + sentence.size();
    const std::string checked_text(sentence);

    const Checked checked = checker_.check(checked_text, claimed);
    CheckEvent check{start, to, checked.verdict, {}};
    std::string chips;
    for (const Support& support : checked.support) {
        CitationEvent citation = place_(support);
        const auto known = std::find_if(citations_.begin(), citations_.end(), [&](const CitationEvent& c) {
            return c.document == citation.document && c.page == citation.page && c.quote == citation.quote;
        });
        if (known != citations_.end()) {
            citation.id = known->id;
        } else {
            citation.id = first_id_ + int(citations_.size());
            const int mark = checker_.passages()[support.passage].mark;
            citation.mark = std::find(claimed.begin(), claimed.end(), mark) != claimed.end() ? mark : 0;
            citations_.push_back(citation);
            sink_(citation);
        }
        if (std::find(check.citations.begin(), check.citations.end(), citation.id) != check.citations.end()) continue;
        check.citations.push_back(citation.id);
        chips += fmt::format(" [{}]", citation.id);
    }
    emit(chips);
    open_from_ = answer_.size();
    sink_(check);
}

void AnswerStream::finish() {
    filter_.finish();
    close_sentence({});
}

} // namespace lectern

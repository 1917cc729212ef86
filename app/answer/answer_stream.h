// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Follows the model's text: gives it out as it comes, checks each sentence when it is complete, and puts the numbers of
/// its citations where the model wrote marks, or where the checker found a source by itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/answer/answer_events.h"
#include "app/answer/citation_checker.h"
#include "app/answer/mark_filter.h"

namespace lectern {

class AnswerStream {
public:
    /// `place` completes a citation (page, label, boxes) for a support; `first_id`: the next citation's number in the talk.
    AnswerStream(const CitationChecker& checker, std::function<CitationEvent(const Support&)> place, int first_id,
                 std::string not_found, AnswerSink sink);

    void push(std::string_view piece) { filter_.push(piece); }
    void finish();
    const std::string& text() const { return answer_; }
    const std::vector<CitationEvent>& citations() const { return citations_; }

private:
    void take_text(std::string_view text);
    void take_marks(const std::vector<int>& marks);
    void close_sentence(std::span<const int> claimed);
    void emit(std::string_view text);

    const CitationChecker& checker_;
    std::function<CitationEvent(const Support&)> place_;
    int first_id_;
    std::string not_found_;
    AnswerSink sink_;
    MarkFilter filter_;
    std::string answer_;   // given out so far
    size_t open_from_ = 0; // where the sentence that is not yet checked begins
    std::vector<CitationEvent> citations_;
};

} // namespace lectern

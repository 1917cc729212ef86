// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/mark_filter.h"

namespace lectern {
namespace {

constexpr int kMaxMark = 1'000'000;

enum class Scan { Mark, NoMark, Unfinished };

/// What stands at the beginning of `text`, which starts with '['.
Scan scan_mark(std::string_view text, size_t& size, std::vector<int>& numbers) {
    numbers.clear();
    int number = -1;
    for (size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= '0' && c <= '9') {
            number = (number < 0 ? 0 : number) * 10 + (c - '0');
            if (number > kMaxMark) return Scan::NoMark;
        } else if (c == ',' || c == ']') {
            if (number < 0) return Scan::NoMark;
            numbers.push_back(number);
            number = -1;
            if (c == ']') {
                size = i + 1;
                return Scan::Mark;
            }
        } else if (c != ' ' || number >= 0) {
            return Scan::NoMark;
        }
    }
    return Scan::Unfinished;
}

} // namespace

void MarkFilter::push(std::string_view piece) {
    held_ += piece;
    drain(false);
}

void MarkFilter::finish() { drain(true); }

void MarkFilter::drain(bool all) {
    std::vector<int> numbers;
    while (!held_.empty()) {
        const size_t bracket = held_.find('[');
        if (bracket == std::string::npos) {
            // A blank at the end may belong to a mark that follows.
            const size_t keep = !all && held_.back() == ' ' ? 1 : 0;
            if (held_.size() > keep) text_(std::string_view(held_).substr(0, held_.size() - keep));
            held_.erase(0, held_.size() - keep);
            return;
        }
        size_t size = 0;
        const Scan scan = scan_mark(std::string_view(held_).substr(bracket), size, numbers);
        if (scan == Scan::Unfinished && !all) {
            const size_t blank = bracket > 0 && held_[bracket - 1] == ' ' ? bracket - 1 : bracket;
            if (blank > 0) text_(std::string_view(held_).substr(0, blank));
            held_.erase(0, blank);
            return;
        }
        if (scan == Scan::Mark) {
            const size_t blank = bracket > 0 && held_[bracket - 1] == ' ' ? bracket - 1 : bracket;
            if (blank > 0) text_(std::string_view(held_).substr(0, blank));
            held_.erase(0, bracket + size);
            marks_(numbers);
        } else {
            text_(std::string_view(held_).substr(0, bracket + 1));
            held_.erase(0, bracket + 1);
        }
    }
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Separates citation marks such as [2] or [2, 5] from streamed text.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lectern {

class MarkFilter {
public:
    /// `text` gets what is certainly no mark; `marks` the numbers of a mark, in order. Calls come in the order of the
    /// stream. The blank before a mark belongs to the mark and is not given out.
    MarkFilter(std::function<void(std::string_view)> text, std::function<void(const std::vector<int>&)> marks)
        : text_(std::move(text)), marks_(std::move(marks)) {}

    void push(std::string_view piece);
    void finish(); ///< what was held back becomes text

private:
    void drain(bool all);
    std::function<void(std::string_view)> text_;
    std::function<void(const std::vector<int>&)> marks_;
    std::string held_;
};

} // namespace lectern

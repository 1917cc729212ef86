// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/structure/line_numbers.h"

#include <algorithm>

namespace lectern {
namespace {

constexpr size_t kLeast = 8;
// A stamp in the margin may stand farther left than the numbers; this share of the other words may.
constexpr size_t kStrayShare = 20; // one in twenty

/// The value of one or two digits, or -1.
int small_number(std::string_view text) {
    if (text.empty() || text.size() > 2)
        return -1;
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return -1;
        value = 10 * value + (c - '0');
    }
    return value;
}

} // namespace

std::vector<uint32_t> find_line_numbers(std::span<const OrderWord> words, std::span<const std::string_view> texts) {
    std::vector<uint32_t> numbers;
    std::vector<float> lefts; // of all other words
    for (uint32_t w = 0; w < words.size(); ++w) {
        if (small_number(texts[w]) >= 0)
            numbers.push_back(w);
        else
            lefts.push_back(words[w].x0);
    }
    if (numbers.size() < kLeast || lefts.empty())
        return {};
    const auto stray = lefts.begin() + static_cast<std::ptrdiff_t>(lefts.size() / kStrayShare);
    std::nth_element(lefts.begin(), stray, lefts.end());
    std::erase_if(numbers, [&](uint32_t w) { return words[w].x1 > *stray; });
    if (numbers.size() < kLeast)
        return {};
    std::sort(numbers.begin(), numbers.end(), [&](uint32_t a, uint32_t b) { return words[a].y0 < words[b].y0; });
    for (size_t i = 1; i < numbers.size(); ++i)
        if (small_number(texts[numbers[i]]) != small_number(texts[numbers[i - 1]]) + 1)
            return {};
    return numbers;
}

bool is_line_numbers(std::string_view text) {
    size_t count = 0;
    int last = -1;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        const int value = small_number(text.substr(0, end));
        if (value < 0 || (count > 0 && value != last + 1))
            return false;
        last = value;
        ++count;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return count >= kLeast;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Text in which every byte knows whether it is trusted. All that templates do with text is made of these operations, so
/// a mark is never lost and never gained.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lectern::jinja {

class MarkedString {
public:
    MarkedString() = default;
    MarkedString(std::string_view text, bool trusted) : text_(text), marks_(text.size(), trusted ? kTrusted : kData) {}

    const std::string& text() const { return text_; }
    size_t size() const { return text_.size(); }
    bool empty() const { return text_.empty(); }
    bool trusted_at(size_t at) const { return marks_[at] == kTrusted; }
    bool all_trusted() const { return marks_.find(kData) == marks_.npos; }

    void append(const MarkedString& other) {
        text_ += other.text_;
        marks_ += other.marks_;
    }
    void append(std::string_view text, bool trusted) {
        text_ += text;
        marks_.append(text.size(), trusted ? kTrusted : kData);
    }
    MarkedString substr(size_t start, size_t n = std::string::npos) const {
        MarkedString part;
        part.text_ = text_.substr(start, n);
        part.marks_ = marks_.substr(start, n);
        return part;
    }

    /// Where the characters begin, and the end of the text.
    std::vector<size_t> character_starts() const;
    /// Without the characters of `set` (null: white space) at the ends asked for.
    MarkedString stripped(bool left, bool right, const std::string* set) const;
    /// Every occurrence of `old_text`, at most `limit` (< 0: all), replaced; the new bytes bring their own marks.
    MarkedString replaced(std::string_view old_text, const MarkedString& new_text, long limit) const;
    /// Cut at every `separator` (not empty), at most `limit` times (< 0: always).
    std::vector<MarkedString> split(std::string_view separator, long limit) const;
    /// Cut at runs of white space, none of which stays.
    std::vector<MarkedString> split_at_white_space(long limit) const;
    std::vector<MarkedString> lines() const;

    /// Title: a capital after everything that is no letter (str.title); Words: after blanks, dashes and opening brackets
    /// (the filter title).
    enum class Case { Upper, Lower, Title, Words, Capitalize };
    /// Simple case mapping; the bytes of a character get the mark of the character it came from.
    MarkedString with_case(Case wanted) const;

private:
    static constexpr char kData = 0, kTrusted = 1;
    std::string text_;
    std::string marks_; // as long as text_
};

} // namespace lectern::jinja

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Reads little-endian values from untrusted bytes. Nothing is read past the end: a read that does not fit fails, and
/// the first failure, with its position, stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace lectern {

class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    uint64_t position() const { return position_; }
    uint64_t remaining() const { return bytes_.size() - position_; }
    bool failed() const { return !problem_.empty(); }
    const std::string& problem() const { return problem_; } ///< what is wrong, without file and position

    /// Remembers the first problem; always false.
    bool fail(std::string problem) {
        if (problem_.empty()) problem_ = std::move(problem);
        return false;
    }

    template <class T>
        requires std::is_arithmetic_v<T>
    bool read(T& value) {
        if (failed()) return false;
        if (remaining() < sizeof(T)) return fail("the file ends in the middle of a value");
        std::memcpy(&value, bytes_.data() + position_, sizeof(T));
        position_ += sizeof(T);
        return true;
    }

    /// A u64 length and so many bytes; the view points into the input.
    bool read_string(std::string_view& text, uint64_t limit) {
        uint64_t length = 0;
        if (!read(length)) return false;
        if (length > limit) return fail("a string is longer than any real one");
        if (length > remaining()) return fail("a string runs past the end of the file");
        text = {reinterpret_cast<const char*>(bytes_.data()) + position_, static_cast<size_t>(length)};
        position_ += length;
        return true;
    }

private:
    std::span<const std::byte> bytes_;
    uint64_t position_ = 0; // <= bytes_.size()
    std::string problem_;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Writes GGUF bytes by hand, right or wrong, for tests of the reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/formats/model_file.h"

namespace lectern::test {

class GgufBytes {
public:
    template <class T>
    GgufBytes& put(T value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
    GgufBytes& text(std::string_view text) {
        put(uint64_t(text.size()));
        bytes_.append(text);
        return *this;
    }
    GgufBytes& header(int64_t n_tensors, int64_t n_pairs, uint32_t version = 3) {
        bytes_ += "GGUF";
        return put(version).put(n_tensors).put(n_pairs);
    }
    template <class T>
    GgufBytes& pair(std::string_view key, int32_t type, T value) {
        return text(key).put(type).put(value);
    }
    GgufBytes& text_pair(std::string_view key, std::string_view value) {
        text(key).put(int32_t{8});
        return text(value);
    }
    /// `ne` fastest axis first, as in the file.
    GgufBytes& tensor(std::string_view name, std::vector<int64_t> ne, int32_t type, uint64_t offset) {
        text(name).put(uint32_t(ne.size()));
        for (int64_t n : ne) put(n);
        return put(type).put(offset);
    }
    GgufBytes& pad(size_t alignment = 32) {
        while (bytes_.size() % alignment) bytes_ += '\0';
        return *this;
    }
    GgufBytes& data(size_t n) {
        for (size_t i = 0; i < n; ++i) bytes_ += static_cast<char>(i);
        return *this;
    }
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

/// Parses a copy of exactly these bytes, so that a sanitizer sees a read past the end.
Result<ModelFile> parse_copy(std::string_view bytes);

/// A small sound file with every kind of metadata and two tensors.
std::string small_gguf();

} // namespace lectern::test

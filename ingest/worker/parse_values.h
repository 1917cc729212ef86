// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Plain values that pass between the parse process and its client.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lectern {

/// What a file is by its content. Those behind Markdown are named so that the refusal can say what it saw.
enum class FileKind : uint8_t { Unknown, Pdf, Text, Markdown, Zip, Html, Image, Office97, Rtf };
constexpr int kFileKindCount = 9;

std::string_view to_string(FileKind kind); ///< "pdf", "text", "markdown", …

/// Why the parse process cannot serve a document. A closed list: its client makes the sentences.
enum class ParseFailure : uint8_t { Locked, Damaged, Unsupported, TooLarge, NoSuchPage, OutOfMemory };
constexpr int kParseFailureCount = 6;

struct FileInfo {
    FileKind kind = FileKind::Unknown;
    int pages = 0;
    std::string title;  ///< from the file's metadata, may be empty
    std::string author;
    bool operator==(const FileInfo&) const = default;
};

/// A page as a picture: rows from top to bottom, three bytes (red, green, blue) a pixel, no padding.
struct PageImage {
    int width = 0;
    int height = 0;
    std::string rgb; ///< [height, width, 3]
    bool operator==(const PageImage&) const = default;
};

} // namespace lectern

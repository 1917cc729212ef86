// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/sniff.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

using namespace std::string_view_literals;

constexpr size_t kWindow = 64u << 10;
constexpr size_t kPdfHeaderWindow = 1024; // where readers look for the header

constexpr std::array kMagics = {
    std::pair{"PK\x03\x04"sv, FileKind::Zip},          std::pair{"PK\x05\x06"sv, FileKind::Zip},
    std::pair{"\x89PNG\r\n\x1a\n"sv, FileKind::Image}, std::pair{"\xFF\xD8\xFF"sv, FileKind::Image},
    std::pair{"II*\0"sv, FileKind::Image},             std::pair{"MM\0*"sv, FileKind::Image},
    std::pair{"GIF8"sv, FileKind::Image},              std::pair{"\xD0\xCF\x11\xE0"sv, FileKind::Office97},
    std::pair{"{\\rtf"sv, FileKind::Rtf},
};

bool is_pdf(std::string_view all, std::string_view head) {
    const size_t at = head.find("%PDF-");
    if (at == std::string_view::npos)
        return false;
    return at < kPdfHeaderWindow || all.find(" obj", at) != std::string_view::npos;
}

bool is_html(std::string_view head) {
    std::string lower(head.substr(0, 1024));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    size_t at = lower.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    while (at < lower.size() && (lower[at] == ' ' || lower[at] == '\n' || lower[at] == '\r' || lower[at] == '\t'))
        ++at;
    const std::string_view start = std::string_view(lower).substr(at);
    return start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head");
}

/// No NUL, hardly any control characters, and either UTF-8 or an 8-bit code of Western letters.
bool is_text(std::string_view head, bool whole) {
    if (head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv))
        return head.size() >= 4;
    size_t controls = 0, high = 0;
    for (const char c : head) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == 0)
            return false;
        controls += byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
        high += byte >= 0x80;
    }
    if (controls * 200 > head.size())
        return false;
    const std::string_view complete = whole ? head : head.substr(0, complete_utf8_prefix(head));
    return is_valid_utf8(complete) || high * 4 < head.size();
}

/// Headings that stand alone, and lists, links, fences or emphasis beside them; or headings behind blank lines beside fences or
/// links. Comments of scripts ("# …") stand among code and have neither.
bool is_markdown(std::string_view head) {
    int alone = 0, behind_blank = 0, elsewhere = 0, marks = 0, strong_marks = 0;
    bool blank_before = true, fenced = false;
    for (size_t at = 0; at < head.size();) {
        const size_t end = std::min(head.find('\n', at), head.size());
        std::string_view line = head.substr(at, end - at);
        at = end + 1;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const size_t hashes = std::min(line.find_first_not_of('#'), line.size());
        fenced = fenced != line.starts_with("```");
        if (!fenced && hashes >= 1 && hashes <= 6 && hashes < line.size() && line[hashes] == ' ') {
            const bool blank_behind = at >= head.size() || head[at] == '\n' || head[at] == '\r';
            (!blank_before ? elsewhere : blank_behind ? alone : behind_blank)++;
        }
        strong_marks += line.starts_with("```") || line.find("](") != std::string_view::npos;
        marks += line.starts_with("- ") || line.starts_with("* ") || line.starts_with("> ") || line.find("**") != std::string_view::npos;
        blank_before = line.find_first_not_of(" \t") == std::string_view::npos;
    }
    const bool by_headings = alone > behind_blank + elsewhere && (alone >= 2 || marks + strong_marks >= 1);
    return by_headings || (strong_marks >= 1 && alone + behind_blank > elsewhere);
}

} // namespace

FileKind sniff(std::span<const char> bytes) {
    const std::string_view all(bytes.data(), bytes.size());
    const std::string_view head = all.substr(0, kWindow);
    for (const auto& [magic, kind] : kMagics)
        if (head.starts_with(magic))
            return kind;
    if (is_pdf(all, head))
        return FileKind::Pdf;
    if (is_html(head))
        return FileKind::Html;
    if (head.empty() || !is_text(head, head.size() == all.size()))
        return FileKind::Unknown;
    return is_markdown(head) ? FileKind::Markdown : FileKind::Text;
}

} // namespace lectern

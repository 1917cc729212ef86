// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/text/text_extractor.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/utf8.h"
#include "ingest/structure/line_text.h"
#include "ingest/structure/word_text.h"
#include "ingest/worker/protocol.h"

namespace lectern {
namespace {

constexpr size_t kMaxTextBytes = 64u << 20;
constexpr size_t kPageBytes = 3000;     // a page ends at the first blank line behind this
constexpr size_t kPageMostBytes = 6000; // or here

// Windows-1252, 0x80 to 0x9F; 0 where it has none. Source: the WHATWG Encoding Standard, index windows-1252.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

std::string from_utf16(std::string_view bytes, bool big_endian) {
    std::string text;
    const auto unit = [&](size_t at) {
        const auto a = static_cast<unsigned char>(bytes[at]), b = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(big_endian ? a << 8 | b : b << 8 | a);
    };
    for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
        char32_t code = unit(at);
        if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
            at += 2;
        } else if (code >= 0xD800 && code < 0xE000) {
            code = kReplacementCharacter;
        }
        append_utf8(text, code);
    }
    return text;
}

std::string from_windows_1252(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const char32_t high = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80] : byte;
        append_utf8(text, high == 0 && byte != 0 ? kReplacementCharacter : high);
    }
    return text;
}

std::string decode(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xFF\xFE"sv) || bytes.starts_with("\xFE\xFF"sv))
        return from_utf16(bytes.substr(2), bytes[0] == '\xFE');
    if (bytes.starts_with("\xEF\xBB\xBF"sv))
        bytes.remove_prefix(3);
    size_t wrong = 0, high = 0;
    for (size_t at = 0; at < bytes.size();) {
        const Utf8Char c = decode_utf8(bytes, at);
        wrong += !c.valid;
        high += c.size > 1;
        at += c.size;
    }
    // A few wrong bytes in a text that is UTF-8 otherwise are damage, many are another code.
    return wrong > high / 8 ? from_windows_1252(bytes) : to_valid_utf8(bytes);
}

/// Cuts lines into blocks and blocks into pages.
class Pager {
public:
    explicit Pager(bool markdown) : markdown_(markdown) {}

    void line(std::string_view raw) {
        const std::string line = clean_line_text(raw);
        const bool fence = markdown_ && (line.starts_with("```") || line.starts_with("~~~"));
        if (line.empty() && !fenced_) {
            end_block();
            if (page_.text.size() >= kPageBytes)
                end_page();
            return;
        }
        if (page_.text.size() + line.size() >= kPageMostBytes && !page_.text.empty())
            end_page();
        const bool heading = markdown_ && !fenced_ && is_heading(line);
        if (heading || (!fenced_ && in_block_ && starts_list_item(trimmed(line))))
            end_block();
        add(line, heading ? BlockKind::Heading : fence || fenced_ ? BlockKind::Paragraph : kind_of_text(trimmed(line)));
        if (heading)
            end_block();
        if (fence)
            fenced_ = !fenced_;
        if (fence && !fenced_)
            end_block();
    }

    void end_page() {
        end_block();
        page_.number = static_cast<int>(pages_.size()) + 1;
        page_.label = std::to_string(page_.number);
        page_.source = page_.text.empty() ? PageSource::Blank : PageSource::Text;
        pages_.push_back(std::move(page_));
        page_ = {};
    }

    std::vector<Page> finish() {
        if (!page_.text.empty() || pages_.empty())
            end_page();
        return std::move(pages_);
    }
    size_t pages() const { return pages_.size(); }

private:
    static std::string_view trimmed(std::string_view line) {
        return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
    }
    static bool is_heading(std::string_view line) {
        const size_t hashes = line.find_first_not_of('#');
        return hashes != std::string_view::npos && hashes >= 1 && hashes <= 6 && line[hashes] == ' ';
    }
    void add(std::string_view line, BlockKind kind) {
        if (in_block_) {
            page_.text += '\n';
        } else {
            if (!page_.text.empty())
                page_.text += "\n\n";
            page_.blocks.push_back({kind, static_cast<uint32_t>(page_.text.size()), 0, {}, 0, false});
            in_block_ = true;
        }
        page_.text += line;
    }
    void end_block() {
        if (!in_block_)
            return;
        in_block_ = false;
        while (page_.text.ends_with('\n')) // blank lines at the end of a fence that a page border cuts
            page_.text.pop_back();
        Block& block = page_.blocks.back();
        block.end = static_cast<uint32_t>(page_.text.size());
        if (block.end <= block.start) {
            page_.text.resize(block.start >= 2 ? block.start - 2 : 0);
            page_.blocks.pop_back();
        }
    }

    bool markdown_;
    bool fenced_ = false;
    bool in_block_ = false;
    Page page_;
    std::vector<Page> pages_;
};

/// Bytes of `line` for one call of Pager::line: all, or up to a space or a character border where the line is endless.
size_t piece_size(std::string_view line) {
    if (line.size() <= kPageMostBytes / 2)
        return line.size();
    const std::string_view head = line.substr(0, kPageMostBytes / 2);
    const size_t space = head.rfind(' ');
    return space != std::string_view::npos && space > 0 ? space : std::max<size_t>(1, complete_utf8_prefix(head));
}

class TextExtractor final : public Extractor {
public:
    TextExtractor(std::vector<Page> pages, FileKind kind) : pages_(std::move(pages)), kind_(kind) {}
    FileInfo info() const override { return {kind_, static_cast<int>(pages_.size()), {}, {}}; }
    Page page(int number) override { return pages_[static_cast<size_t>(number - 1)]; }
    Parsed<PageImage> render(int, int) override { return ParseFailure::Unsupported; }

private:
    std::vector<Page> pages_;
    FileKind kind_;
};

} // namespace

Parsed<std::unique_ptr<Extractor>> open_text(std::span<const char> bytes, FileKind kind) {
    if (bytes.size() > kMaxTextBytes)
        return ParseFailure::TooLarge;
    const std::string text = decode({bytes.data(), bytes.size()});
    Pager pager(kind == FileKind::Markdown);
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find_first_of("\n\r\f", at), text.size());
        std::string_view line = std::string_view(text).substr(at, end - at);
        while (line.size() > kPageMostBytes / 2) {
            const size_t size = piece_size(line);
            pager.line(line.substr(0, size));
            line.remove_prefix(size);
        }
        pager.line(line);
        if (end < text.size() && text[end] == '\f')
            pager.end_page();
        at = end + 1;
        if (end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n')
            ++at;
        if (pager.pages() >= static_cast<size_t>(kMaxPages))
            return ParseFailure::TooLarge;
    }
    return std::unique_ptr<Extractor>(std::make_unique<TextExtractor>(pager.finish(), kind));
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/protocol.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "engine/base/utf8.h"

namespace lectern {
namespace {

static_assert(std::endian::native == std::endian::little, "records are little-endian and copied as they are");

constexpr size_t kBlockBytes = 1 + 4 + 4 + 16 + 4 + 1;
constexpr size_t kWordBytes = 4 + 4 + 16;

class Writer {
public:
    explicit Writer(uint8_t type) {
        put(type);
        put(uint32_t{0});
    }
    template <class T>
    void put(T value) {
        static_assert(std::is_arithmetic_v<T>);
        char bytes[sizeof(T)];
        std::memcpy(bytes, &value, sizeof(T));
        out_.append(bytes, sizeof(T));
    }
    void put_text(std::string_view text) {
        put(static_cast<uint32_t>(text.size()));
        out_ += text;
    }
    void put_box(const Box& box) {
        for (const float value : {box.x0, box.y0, box.x1, box.y1})
            put(value);
    }
    void put_bytes(std::string_view bytes) { out_ += bytes; }
    std::string finish() {
        const auto size = static_cast<uint32_t>(out_.size() - kRecordHeaderBytes);
        std::memcpy(out_.data() + 1, &size, sizeof(size));
        return std::move(out_);
    }

private:
    std::string out_;
};

/// Reads values off a payload; after a value that is not there, everything reads as zero and ok() is false.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    template <class T>
    T get() {
        T value{};
        if (rest_.size() < sizeof(T)) {
            fail();
            return value;
        }
        std::memcpy(&value, rest_.data(), sizeof(T));
        rest_.remove_prefix(sizeof(T));
        return value;
    }
    std::string_view get_text(size_t cap) {
        const auto size = get<uint32_t>();
        if (size > cap || size > rest_.size()) {
            fail();
            return {};
        }
        const std::string_view text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return text;
    }
    Box get_box() { // braces: evaluated from left to right
        return Box{get<float>(), get<float>(), get<float>(), get<float>()};
    }
    /// A count of entries of so many bytes, all of which are there.
    uint32_t get_count(size_t cap, size_t entry_bytes) {
        const auto count = get<uint32_t>();
        if (count > cap || count > rest_.size() / entry_bytes) {
            fail();
            return 0;
        }
        return count;
    }
    std::string_view rest() const { return rest_; }
    bool ok() const { return ok_; }
    bool finished() const { return ok_ && rest_.empty(); }

private:
    void fail() {
        ok_ = false;
        rest_ = {};
    }
    std::string_view rest_;
    bool ok_ = true;
};

Error broken(std::string_view what) {
    return {ErrorKind::Damaged, "The parse process sent a broken record (" + std::string(what) + ")."};
}

bool is_clean_text(std::string_view text, bool line_ends) {
    for (size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        if (!c.valid || c.code == 0x7F)
            return false;
        if (c.code < 0x20 && !(line_ends && (c.code == '\n' || c.code == '\t')))
            return false;
        at += c.size;
    }
    return true;
}

bool is_clean_box(const Box& b) {
    for (const float value : {b.x0, b.y0, b.x1, b.y1})
        if (!(value >= 0.0f && value <= 1.0f)) // false for NaN
            return false;
    return b.x0 <= b.x1 && b.y0 <= b.y1;
}

bool is_char_border(std::string_view text, size_t at) {
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

/// Non-empty ranges inside the text, in order, without overlap, on character borders.
template <class T>
bool are_clean_ranges(const std::vector<T>& ranges, std::string_view text) {
    size_t at = 0;
    for (const T& r : ranges) {
        if (r.start < at || r.start >= r.end || r.end > text.size())
            return false;
        if (!is_char_border(text, r.start) || !is_char_border(text, r.end))
            return false;
        at = r.end;
    }
    return true;
}

bool is_length(float value) { return value >= 0.0f && value <= 1e7f; }

uint32_t cap_of(RecordType type) {
    switch (type) {
    case RecordType::Info: return 2 * kMaxMetadataBytes + 64;
    case RecordType::Page:
        return kMaxPageTextBytes + kMaxPageBlocks * kBlockBytes + kMaxPageWords * kWordBytes + kMaxLabelBytes + 64;
    case RecordType::Image: return 3 * kMaxImagePixels + 8;
    case RecordType::Failure: return 1;
    case RecordType::End: return 0;
    }
    return 0;
}

} // namespace

std::string_view to_string(FileKind kind) {
    constexpr std::string_view kNames[kFileKindCount] = {"unknown", "pdf",   "text",     "markdown", "zip",
                                                         "html",    "image", "office97", "rtf"};
    return kNames[static_cast<size_t>(kind)];
}

bool is_valid_page(const Page& page) {
    if (page.number < 1 || page.number > kMaxPages || page.label.size() > kMaxLabelBytes ||
        !is_clean_text(page.label, false) || page.text.size() > kMaxPageTextBytes || page.words.size() > kMaxPageWords ||
        page.blocks.size() > kMaxPageBlocks || !is_clean_text(page.text, true))
        return false;
    if (!is_length(page.width_pt) || !is_length(page.height_pt))
        return false;
    if (!are_clean_ranges(page.blocks, page.text) || !are_clean_ranges(page.words, page.text))
        return false;
    for (const Block& block : page.blocks)
        if (!is_clean_box(block.box) || !is_length(block.font_size) || block.kind > BlockKind::Furniture)
            return false;
    for (const Word& word : page.words)
        if (!is_clean_box(word.box))
            return false;
    const bool has_text = page.source == PageSource::Text || page.source == PageSource::Ocr;
    return page.source <= PageSource::Failed && has_text == !page.text.empty();
}

std::string encode_request(const ParseRequest& request) {
    ENSURE(request.password.size() <= kMaxPasswordBytes, "the caller caps passwords");
    Writer writer(static_cast<uint8_t>(request.type));
    if (request.type == RequestType::Open)
        writer.put_text(request.password);
    else
        writer.put(static_cast<int32_t>(request.page));
    if (request.type == RequestType::Render)
        writer.put(static_cast<int32_t>(request.width_px));
    return writer.finish();
}

std::string encode_info(const FileInfo& info) {
    Writer writer(static_cast<uint8_t>(RecordType::Info));
    writer.put(static_cast<uint8_t>(info.kind));
    writer.put(static_cast<int32_t>(info.pages));
    writer.put_text(info.title);
    writer.put_text(info.author);
    return writer.finish();
}

std::string encode_page(const Page& page) {
    ENSURE(is_valid_page(page), "a page that breaks the protocol's rules");
    Writer writer(static_cast<uint8_t>(RecordType::Page));
    writer.put(static_cast<int32_t>(page.number));
    writer.put(static_cast<uint8_t>(page.source));
    writer.put(page.width_pt);
    writer.put(page.height_pt);
    writer.put_text(page.label);
    writer.put_text(page.text);
    writer.put(static_cast<uint32_t>(page.blocks.size()));
    for (const Block& block : page.blocks) {
        writer.put(static_cast<uint8_t>(block.kind));
        writer.put(block.start);
        writer.put(block.end);
        writer.put_box(block.box);
        writer.put(block.font_size);
        writer.put(static_cast<uint8_t>(block.bold));
    }
    writer.put(static_cast<uint32_t>(page.words.size()));
    for (const Word& word : page.words) {
        writer.put(word.start);
        writer.put(word.end);
        writer.put_box(word.box);
    }
    return writer.finish();
}

std::string encode_image(const PageImage& image) {
    Writer writer(static_cast<uint8_t>(RecordType::Image));
    writer.put(static_cast<int32_t>(image.width));
    writer.put(static_cast<int32_t>(image.height));
    writer.put_bytes(image.rgb);
    return writer.finish();
}

std::string encode_failure(ParseFailure failure) {
    Writer writer(static_cast<uint8_t>(RecordType::Failure));
    writer.put(static_cast<uint8_t>(failure));
    return writer.finish();
}

std::string encode_end() { return Writer(static_cast<uint8_t>(RecordType::End)).finish(); }

Result<RecordHeader> decode_record_header(std::span<const std::byte> bytes) {
    Reader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    const auto type = static_cast<RecordType>(reader.get<uint8_t>());
    const auto size = reader.get<uint32_t>();
    const bool known = type == RecordType::Info || type == RecordType::Page || type == RecordType::Image ||
                       type == RecordType::Failure || type == RecordType::End;
    if (!reader.finished() || !known || size > cap_of(type))
        return broken("header");
    return RecordHeader{type, size};
}

Result<uint32_t> decode_request_header(std::span<const std::byte> bytes, RequestType& type) {
    Reader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    type = static_cast<RequestType>(reader.get<uint8_t>());
    const auto size = reader.get<uint32_t>();
    const bool known = type == RequestType::Open || type == RequestType::Extract || type == RequestType::Render;
    if (!reader.finished() || !known || size > kMaxRequestBytes)
        return broken("request header");
    return size;
}

Result<ParseRequest> decode_request(RequestType type, std::string_view payload) {
    Reader reader(payload);
    ParseRequest request{type, {}, 0, 0};
    if (type == RequestType::Open)
        request.password = reader.get_text(kMaxPasswordBytes);
    else
        request.page = reader.get<int32_t>();
    if (type == RequestType::Render)
        request.width_px = reader.get<int32_t>();
    if (!reader.finished())
        return broken("request");
    return request;
}

Result<FileInfo> decode_info(std::string_view payload) {
    Reader reader(payload);
    FileInfo info;
    const auto kind = reader.get<uint8_t>();
    info.pages = reader.get<int32_t>();
    info.title = reader.get_text(kMaxMetadataBytes);
    info.author = reader.get_text(kMaxMetadataBytes);
    if (!reader.finished() || kind >= kFileKindCount || info.pages < 0 || info.pages > kMaxPages ||
        !is_clean_text(info.title, false) || !is_clean_text(info.author, false))
        return broken("info");
    info.kind = static_cast<FileKind>(kind);
    return info;
}

Result<Page> decode_page(std::string_view payload) {
    Reader reader(payload);
    Page page;
    page.number = reader.get<int32_t>();
    page.source = static_cast<PageSource>(reader.get<uint8_t>());
    page.width_pt = reader.get<float>();
    page.height_pt = reader.get<float>();
    page.label = reader.get_text(kMaxLabelBytes);
    page.text = reader.get_text(kMaxPageTextBytes);
    page.blocks.resize(reader.get_count(kMaxPageBlocks, kBlockBytes));
    for (Block& block : page.blocks) {
        block.kind = static_cast<BlockKind>(reader.get<uint8_t>());
        block.start = reader.get<uint32_t>();
        block.end = reader.get<uint32_t>();
        block.box = reader.get_box();
        block.font_size = reader.get<float>();
        const auto bold = reader.get<uint8_t>();
        if (bold > 1)
            return broken("page");
        block.bold = bold == 1;
    }
    page.words.resize(reader.get_count(kMaxPageWords, kWordBytes));
    for (Word& word : page.words) {
        word.start = reader.get<uint32_t>();
        word.end = reader.get<uint32_t>();
        word.box = reader.get_box();
    }
    if (!reader.finished() || !is_valid_page(page))
        return broken("page");
    return page;
}

Result<PageImage> decode_image(std::string payload) {
    Reader reader(payload);
    PageImage image;
    image.width = reader.get<int32_t>();
    image.height = reader.get<int32_t>();
    if (!reader.ok() || image.width < 1 || image.height < 1 || image.width > kMaxImageSide || image.height > kMaxImageSide)
        return broken("image");
    const uint64_t pixels = static_cast<uint64_t>(image.width) * static_cast<uint64_t>(image.height);
    if (pixels > kMaxImagePixels || reader.rest().size() != 3 * pixels)
        return broken("image");
    payload.erase(0, 8);
    image.rgb = std::move(payload);
    return image;
}

Result<ParseFailure> decode_failure(std::string_view payload) {
    Reader reader(payload);
    const auto failure = reader.get<uint8_t>();
    if (!reader.finished() || failure >= kParseFailureCount)
        return broken("failure");
    return static_cast<ParseFailure>(failure);
}

} // namespace lectern

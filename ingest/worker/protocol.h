// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The language of the parse process: length-prefixed records over pipes. docs/parse_protocol.md describes it.
///
/// Decoders treat every byte as hostile: sizes, counts, order, UTF-8 and numbers are checked against caps, and a record that
/// breaks a rule is an error of kind Damaged. Encoders are given values that keep the rules (ENSURE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "ingest/document/document.h"
#include "ingest/worker/parse_values.h"

namespace lectern {

constexpr int kParseDocumentFd = 3; ///< the document, read-only; requests come on 0, records go out on 1

constexpr size_t kMaxPageTextBytes = 2u << 20;
constexpr size_t kMaxPageWords = 200'000;
constexpr size_t kMaxPageBlocks = 50'000;
constexpr int kMaxPages = 200'000;
constexpr int kMaxImageSide = 16'384;
constexpr uint64_t kMaxImagePixels = 40'000'000;
constexpr size_t kMaxMetadataBytes = 4096;
constexpr size_t kMaxLabelBytes = 64;
constexpr size_t kMaxPasswordBytes = 1024;
constexpr size_t kMaxRequestBytes = 4096;

enum class RequestType : uint8_t { Open = 'O', Extract = 'X', Render = 'V' };

/// Open: password. Extract: pages from `page` to the last. Render: `page` at `width_px`.
struct ParseRequest {
    RequestType type = RequestType::Open;
    std::string password;
    int page = 0;
    int width_px = 0;
};

enum class RecordType : uint8_t { Info = 'I', Page = 'P', Image = 'V', Failure = 'F', End = 'E' };

struct RecordHeader {
    RecordType type = RecordType::End;
    uint32_t size = 0; ///< bytes of the payload behind the header
};

constexpr size_t kRecordHeaderBytes = 5; ///< u8 type, u32 size

/// A whole record, header and payload.
std::string encode_request(const ParseRequest& request);
std::string encode_info(const FileInfo& info);
std::string encode_page(const Page& page);
std::string encode_image(const PageImage& image);
std::string encode_failure(ParseFailure failure);
std::string encode_end();

/// The header of a record; an unknown type or a size over the cap of its type is an error. `bytes` holds kRecordHeaderBytes.
Result<RecordHeader> decode_record_header(std::span<const std::byte> bytes);
/// The header of a request: the same form with a RequestType. Returns the payload's size.
Result<uint32_t> decode_request_header(std::span<const std::byte> bytes, RequestType& type);

// Payloads.
Result<ParseRequest> decode_request(RequestType type, std::string_view payload);
Result<FileInfo> decode_info(std::string_view payload);
/// All rules of document.h hold for what it returns: blocks and words lie in the text in order, on character borders; boxes in [0, 1].
Result<Page> decode_page(std::string_view payload);
Result<PageImage> decode_image(std::string payload);
Result<ParseFailure> decode_failure(std::string_view payload);

/// Whether a page keeps the rules that decode_page checks; the parse process asks before it sends.
bool is_valid_page(const Page& page);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "tests/ingest/protocol_fuzz.h"

#include "ingest/worker/protocol.h"

namespace lectern {

void fuzz_protocol(std::span<const uint8_t> bytes) {
    if (bytes.size() < kRecordHeaderBytes)
        return;
    const auto header = decode_record_header(std::as_bytes(bytes).first(kRecordHeaderBytes));
    RequestType type{};
    const auto request = decode_request_header(std::as_bytes(bytes).first(kRecordHeaderBytes), type);
    const std::string payload(reinterpret_cast<const char*>(bytes.data()) + kRecordHeaderBytes, bytes.size() - kRecordHeaderBytes);
    if (request)
        (void)decode_request(type, payload).has_value();
    if (!header)
        return;
    if (const auto page = decode_page(payload)) {
        ENSURE(is_valid_page(*page), "a decoded page breaks the rules");
        ENSURE(decode_page(encode_page(*page).substr(kRecordHeaderBytes)).has_value(), "a page does not survive a round trip");
    }
    if (const auto info = decode_info(payload))
        ENSURE(info->pages >= 0 && info->pages <= kMaxPages, "pages out of range");
    if (const auto image = decode_image(payload))
        ENSURE(image->rgb.size() == 3u * static_cast<size_t>(image->width) * static_cast<size_t>(image->height), "image size");
    (void)decode_failure(payload).has_value();
}

} // namespace lectern

#ifdef LECTERN_FUZZER
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    lectern::fuzz_protocol({data, size});
    return 0;
}
#endif

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/generate/text_stream.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace lectern {

std::string TextStream::release(std::string piece, bool all) {
    if (stopped_) return {};
    held_ += piece;
    size_t keep = 0; // bytes at the end that may be the beginning of a stop string
    size_t found = std::string::npos;
    for (const std::string& stop : stop_strings_) {
        if (stop.empty()) continue;
        found = std::min(found, held_.find(stop));
        for (size_t n = std::min(stop.size() - 1, held_.size()); n > keep; --n)
            if (std::string_view(held_).ends_with(std::string_view(stop).substr(0, n))) {
                keep = n;
                break;
            }
    }
    if (found != std::string::npos) {
        stopped_ = true;
        return held_.substr(0, found);
    }
    // A stop string may begin inside a character only if it is not text; then the character waits as well.
    const size_t size = all ? held_.size() : complete_utf8_prefix(std::string_view(held_).substr(0, held_.size() - keep));
    std::string out = held_.substr(0, size);
    held_.erase(0, size);
    return out;
}

} // namespace lectern

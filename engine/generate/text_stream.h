// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Generated tokens to text that may be shown: whole characters, nothing that may still become a stop string.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace lectern {

class TextStream {
public:
    TextStream(std::shared_ptr<const Tokenizer> tokenizer, std::vector<std::string> stop_strings)
        : detokenizer_(std::move(tokenizer)), stop_strings_(std::move(stop_strings)) {}

    /// Text that became final with this token.
    std::string push(TokenId id) { return release(detokenizer_.push(id), false); }
    /// The rest. After a stop string there is none.
    std::string finish() { return release(detokenizer_.finish(), true); }
    /// A stop string came; it and what follows it are not shown.
    bool stopped() const { return stopped_; }

private:
    std::string release(std::string piece, bool all);
    StreamingDetokenizer detokenizer_;
    std::vector<std::string> stop_strings_;
    std::string held_;
    bool stopped_ = false;
};

} // namespace lectern

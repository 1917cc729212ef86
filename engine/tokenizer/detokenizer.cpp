// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/base/utf8.h"
#include "engine/tokenizer/tokenizer.h"

namespace lectern {

std::string StreamingDetokenizer::push(TokenId id) {
    std::string bytes = tokenizer_->bytes(id);
    if (!started_ && !bytes.empty()) {
        started_ = true;
        if (tokenizer_->adds_space_prefix() && bytes.front() == ' ') bytes.erase(0, 1);
    }
    pending_ += bytes;
    const size_t whole = complete_utf8_prefix(pending_);
    std::string out = to_valid_utf8(std::string_view(pending_).substr(0, whole));
    pending_.erase(0, whole);
    return out;
}

std::string StreamingDetokenizer::finish() {
    std::string out = to_valid_utf8(pending_);
    pending_.clear();
    started_ = false;
    return out;
}

std::string detokenize(const std::shared_ptr<const Tokenizer>& tokenizer, std::span<const TokenId> ids) {
    StreamingDetokenizer stream(tokenizer);
    std::string text;
    for (TokenId id : ids) text += stream.push(id);
    return text += stream.finish();
}

} // namespace lectern

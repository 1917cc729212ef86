// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Small vocabularies made for one test.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace lectern::test {

struct MadeToken {
    std::string text;
    TokenKind kind = TokenKind::Normal;
    double score = 0;
};

/// Metadata of a vocabulary; for "gpt2" the 256 byte letters come first (ids 0 to 255), then `tokens`.
Metadata made_metadata(const std::string& model, const std::vector<MadeToken>& tokens,
                       const std::vector<std::string>& merges = {}, const std::string& pre = "llama-bpe");
std::shared_ptr<const Tokenizer> make_tokenizer(const Metadata& metadata);

} // namespace lectern::test

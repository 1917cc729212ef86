// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The parts of a tokenizer.json, each translated to what GGUF's metadata says. Used by tokenizer_json.cpp alone.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace lectern::tokenizer_json {

using nlohmann::json;

/// Tokens by id, with their kinds; what the file does not name is an unused pad.
struct Tokens {
    std::vector<std::string> texts;
    std::vector<TokenKind> kinds;
    std::unordered_map<std::string, TokenId> ids;

    /// False for an id beyond any real vocabulary.
    bool put(uint64_t id, const std::string& text, TokenKind kind);
    std::optional<TokenId> find(const std::string& text) const;
};

/// What comes before the merges: the normalizer and the pre-tokenizer.
struct FrontEnd {
    std::vector<std::string> passes; ///< regular expressions, in order
    bool byte_level = false;
    bool nfc = false;
    bool space_prefix = false;          ///< SentencePiece-like: a space before the text
    bool prefix_at_start_only = false;  ///< but not after special tokens
    bool prefix_unless_space = false;   ///< and not where the text begins with a space
    bool bert = false;                  ///< BertNormalizer and BertPreTokenizer
    bool lowercase = true, strip_accents = true;
};

/// The tokens that a post-processor puts around a text.
struct Frame {
    std::optional<TokenId> before, after;
};

/// A member, or null.
const json& member(const json& object, const char* name);
/// A string member, or empty.
std::string text_member(const json& object, const char* name);
bool flag_member(const json& object, const char* name, bool otherwise);

Result<FrontEnd> read_front_end(const json& tokenizer, const std::string& file);
Result<Tokens> read_tokens(const json& tokenizer, const std::string& file);
/// The pairs of a BPE model, in order of rank.
Result<std::vector<std::pair<std::string, std::string>>> read_merges(const json& model, const std::string& file);
Result<Frame> read_frame(const json& post_processor, const Tokens& tokens, const std::string& file);

Error unsupported(const std::string& file, const std::string& what);
Error damaged(const std::string& file, const std::string& what);

} // namespace lectern::tokenizer_json

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Text to token ids and back. One door for byte-level BPE, SentencePiece-style BPE and WordPiece; built from metadata in
/// GGUF's keys, which tokenizer.json is translated to (tokenizer_json.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/formats/model_file.h"

namespace lectern {

using TokenId = int32_t;

struct Vocabulary; // engine/tokenizer/vocabulary.h

/// A stretch of a prompt. Control tokens are recognised only in trusted stretches (templates, role marks); data (what
/// people and documents wrote) never yields a control token, whatever it spells.
struct TextSegment {
    std::string_view text;
    bool trusted = false;
};

enum class TokenKind : uint8_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };

class Tokenizer {
public:
    /// Errors: Damaged (vocabulary inconsistent), Unsupported (a tokenizer model or pre-tokenizer we do not know).
    static Result<std::shared_ptr<const Tokenizer>> from_metadata(const Metadata& metadata);
    virtual ~Tokenizer() = default;

    /// Ids of a rendered prompt; adds no BOS, EOS, CLS or SEP. Neighbouring trusted stretches are joined; control tokens
    /// are cut out of wholly trusted stretches; what lies between two control tokens is tokenised in one go, trusted and
    /// data together, so that ids equal those of the whole rendering wherever no data spells a control token.
    std::vector<TokenId> encode(std::span<const TextSegment> segments) const;
    /// Ids of plain text. `parse_control`: treat it as trusted. No special tokens are added. User-defined tokens are
    /// matched in trusted text only, except runs of whitespace, which carry no meaning that a text could forge.
    std::vector<TokenId> encode(std::string_view text, bool parse_control = false) const;
    /// What the model wants around a text: BOS/EOS or CLS/SEP, by the vocabulary's flags.
    std::vector<TokenId> with_special(std::vector<TokenId> ids) const;

    size_t size() const;                           ///< tokens in the vocabulary
    std::string_view text(TokenId id) const;       ///< as stored in the vocabulary
    TokenKind kind(TokenId id) const;
    /// Bytes that the token stands for in running text; empty for control tokens unless `special`.
    std::string bytes(TokenId id, bool special = false) const;
    TokenId find(std::string_view text) const;     ///< -1 if there is none
    bool ends_generation(TokenId id) const;        ///< EOS, EOT, EOM and what the vocabulary lists
    TokenId bos() const;                           ///< -1 if none; likewise below
    TokenId eos() const;
    TokenId unknown() const;
    /// Whether a text is encoded with a space before it, so that decoding takes one space away again.
    bool adds_space_prefix() const;

protected:
    explicit Tokenizer(std::shared_ptr<const Vocabulary> vocabulary) : vocabulary_(std::move(vocabulary)) {}
    /// Ids of one stretch that holds no control token; `first`: where a space prefix belongs, that is at the start of the
    /// text and, in most vocabularies, after a control token.
    virtual void encode_fragment(std::string_view text, bool first, std::vector<TokenId>& ids) const = 0;
    virtual std::string bytes_of_normal(TokenId id) const = 0;
    std::shared_ptr<const Vocabulary> vocabulary_;
};

/// Ids to text as they come, in whole UTF-8 characters. Pushing all ids and finishing gives the same text as decoding
/// them at once, for every split.
class StreamingDetokenizer {
public:
    explicit StreamingDetokenizer(std::shared_ptr<const Tokenizer> tokenizer) : tokenizer_(std::move(tokenizer)) {}
    std::string push(TokenId id);
    std::string finish(); ///< what was held back; incomplete bytes become U+FFFD

private:
    std::shared_ptr<const Tokenizer> tokenizer_;
    std::string pending_;
    bool started_ = false; // a first piece has come; its leading space is gone if the vocabulary adds one
};

/// All ids to text.
std::string detokenize(const std::shared_ptr<const Tokenizer>& tokenizer, std::span<const TokenId> ids);

} // namespace lectern

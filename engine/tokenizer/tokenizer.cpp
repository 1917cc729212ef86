// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/tokenizer.h"

#include <charconv>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/tokenizer/bpe.h"
#include "engine/tokenizer/spm.h"
#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/word_piece.h"

namespace lectern {
namespace {

/// A vocabulary without texts: ids only, for checkpoints that have no tokenizer.
class NoTokenizer final : public Tokenizer {
public:
    explicit NoTokenizer(std::shared_ptr<const Vocabulary> vocabulary) : Tokenizer(std::move(vocabulary)) {}

private:
    void encode_fragment(std::string_view, bool, std::vector<TokenId>&) const override {}
    std::string bytes_of_normal(TokenId) const override { return {}; }
};

/// The byte that "<0x0A>" stands for; exactly two hexadecimal digits.
std::optional<char> byte_of_text(std::string_view text) {
    if (text.size() != 6 || !text.starts_with("<0x") || text.back() != '>') return std::nullopt;
    unsigned value = 0;
    const auto parsed = std::from_chars(text.data() + 3, text.data() + 5, value, 16);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + 5) return std::nullopt;
    return static_cast<char>(value);
}

/// A prompt as one text, with the ends of its trusted stretches.
struct Joined {
    std::string text;
    std::vector<std::pair<size_t, size_t>> trusted; // [start, end), neighbours joined

    explicit Joined(std::span<const TextSegment> segments) {
        for (const TextSegment& segment : segments) {
            const size_t start = text.size();
            text += segment.text;
            if (!segment.trusted || segment.text.empty()) continue;
            if (!trusted.empty() && trusted.back().second == start) trusted.back().second = text.size();
            else trusted.emplace_back(start, text.size());
        }
    }
};

} // namespace

Result<std::shared_ptr<const Tokenizer>> Tokenizer::from_metadata(const Metadata& metadata) {
    const PreTokenizerRule* rule = nullptr;
    if (metadata.text("tokenizer.ggml.model") == "gpt2") {
        const auto pre = metadata.text("tokenizer.ggml.pre");
        if (!pre) log("engine").warning("the vocabulary names no pre-tokenizer: the default one is used");
        rule = find_pre_tokenizer_rule(pre.value_or("default"));
        if (!rule)
            return Error{ErrorKind::Unsupported, fmt::format("The checkpoint's vocabulary needs the pre-tokenizer {}, "
                                                             "which this version does not know.",
                                                             *pre)};
    }
    auto vocabulary = load_vocabulary(metadata, rule && rule->add_bos);
    if (!vocabulary) return vocabulary.error();
    switch ((*vocabulary)->model) {
    case VocabularyModel::Bpe: return BpeTokenizer::create(*vocabulary, *rule, metadata);
    case VocabularyModel::Spm: return std::make_shared<const SpmTokenizer>(*vocabulary);
    case VocabularyModel::WordPiece: return std::make_shared<const WordPieceTokenizer>(*vocabulary, metadata);
    case VocabularyModel::None: break;
    }
    return std::make_shared<const NoTokenizer>(*vocabulary);
}

std::vector<TokenId> Tokenizer::encode(std::span<const TextSegment> segments) const {
    const Joined joined(segments);
    const std::string_view text = joined.text;
    std::vector<TokenId> ids;
    auto stretch = joined.trusted.begin();
    size_t fragment = 0; // start of what has not been tokenised yet
    bool first = true;
    const auto flush = [&](size_t end) {
        if (end == fragment) return;
        encode_fragment(text.substr(fragment, end - fragment), first, ids);
        first = false;
    };
    for (size_t at = 0; at < text.size();) {
        while (stretch != joined.trusted.end() && stretch->second <= at) ++stretch;
        const bool trusted = stretch != joined.trusted.end() && stretch->first <= at;
        const auto match = vocabulary_->specials.longest_at(text, at, trusted ? stretch->second : 0);
        if (match.id < 0) {
            ++at;
            continue;
        }
        flush(at);
        ids.push_back(match.id);
        first = !vocabulary_->prefix_at_start_only;
        fragment = at += match.length;
    }
    flush(text.size());
    return ids;
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, bool parse_control) const {
    const TextSegment segment{text, parse_control};
    return encode(std::span(&segment, 1));
}

std::vector<TokenId> Tokenizer::with_special(std::vector<TokenId> ids) const {
    const Vocabulary& v = *vocabulary_;
    if (v.add_bos && v.bos >= 0) ids.insert(ids.begin(), v.bos);
    if (v.add_eos && v.eos >= 0) ids.push_back(v.eos);
    if (v.add_sep && v.sep >= 0) ids.push_back(v.sep);
    return ids;
}

size_t Tokenizer::size() const { return vocabulary_->texts.size(); }

std::string_view Tokenizer::text(TokenId id) const {
    return vocabulary_->contains(id) ? std::string_view(vocabulary_->texts[id]) : std::string_view();
}

TokenKind Tokenizer::kind(TokenId id) const {
    return vocabulary_->contains(id) ? vocabulary_->kinds[id] : TokenKind::Unused;
}

std::string Tokenizer::bytes(TokenId id, bool special) const {
    if (!vocabulary_->contains(id)) return {};
    const std::string& text = vocabulary_->texts[id];
    switch (vocabulary_->kinds[id]) {
    case TokenKind::Control:
    case TokenKind::Unknown:
    case TokenKind::Unused: return special ? text : std::string();
    case TokenKind::UserDefined: return text;
    case TokenKind::Byte:
        if (const auto byte = byte_of_text(text)) return std::string(1, *byte);
        break;
    case TokenKind::Normal: break;
    }
    return bytes_of_normal(id);
}

TokenId Tokenizer::find(std::string_view text) const { return vocabulary_->find(text); }
bool Tokenizer::ends_generation(TokenId id) const { return vocabulary_->ends.contains(id); }
TokenId Tokenizer::bos() const { return vocabulary_->bos; }
TokenId Tokenizer::eos() const { return vocabulary_->eos; }
TokenId Tokenizer::unknown() const { return vocabulary_->unknown; }
bool Tokenizer::adds_space_prefix() const {
    return vocabulary_->add_space_prefix || vocabulary_->model == VocabularyModel::WordPiece;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/vocabulary.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/log.h"

namespace lectern {
namespace {

constexpr size_t kLargest = 1u << 24;

Error damaged(std::string_view what) {
    return {ErrorKind::Damaged, fmt::format("The checkpoint's vocabulary cannot be used: {}. Fetch the model again.", what)};
}

std::string key(std::string_view name) { return fmt::format("tokenizer.ggml.{}", name); }

/// A special id that the metadata declares; `fallback` if it declares none, -1 if it lies outside the vocabulary.
TokenId declared(const Metadata& metadata, const Vocabulary& vocabulary, std::string_view name, TokenId fallback) {
    const int64_t id = metadata.integer(key(name)).value_or(fallback);
    if (id >= 0 && static_cast<uint64_t>(id) < vocabulary.texts.size()) return static_cast<TokenId>(id);
    if (id != -1 && id != fallback) log("engine").warning(fmt::format("{} is {}, outside the vocabulary: ignored", name, id));
    return -1;
}

Result<void> read_texts(const Metadata& metadata, Vocabulary& v) {
    const auto* tokens = metadata.strings(key("tokens"));
    if (!tokens || tokens->empty()) return damaged("it lists no tokens");
    if (tokens->size() > kLargest) return damaged("it is larger than any real one");
    v.texts = *tokens;
    for (size_t id = 0; id < v.texts.size(); ++id)
        if (v.texts[id].empty()) v.texts[id] = fmt::format("[EMPTY_{}]", id);
    v.kinds.assign(v.texts.size(), TokenKind::Normal);
    if (const auto* kinds = metadata.integers(key("token_type"))) {
        if (kinds->size() != v.texts.size()) return damaged("token_type has another length than tokens");
        for (size_t id = 0; id < kinds->size(); ++id) {
            const int64_t kind = (*kinds)[id];
            if (kind < 0 || kind > 6) return damaged(fmt::format("token {} is of kind {}", id, kind));
            if (kind > 0) v.kinds[id] = static_cast<TokenKind>(kind);
        }
    }
    if (v.model != VocabularyModel::Spm) return {};
    v.scores.assign(v.texts.size(), 0.f);
    if (const auto* scores = metadata.numbers(key("scores"))) {
        if (scores->size() != v.texts.size()) return damaged("scores has another length than tokens");
        std::ranges::transform(*scores, v.scores.begin(), [](double score) { return static_cast<float>(score); });
    }
    return {};
}

bool is_whitespace_run(std::string_view text) { return text.find_first_not_of(" \t\n\r") == text.npos; }

void build_lookups(Vocabulary& v) {
    v.by_text.reserve(v.texts.size());
    v.plain.reserve(v.texts.size());
    for (size_t i = 0; i < v.texts.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const TokenKind kind = v.kinds[i];
        v.by_text[v.texts[i]] = id; // of equal texts the last one counts
        if (kind == TokenKind::Normal || kind == TokenKind::UserDefined) v.plain[v.texts[i]] = id;
        const bool user = kind == TokenKind::UserDefined;
        if (user || kind == TokenKind::Control || kind == TokenKind::Unknown)
            v.specials.add(v.texts[i], id, user && is_whitespace_run(v.texts[i]));
    }
}

/// Texts that end a turn or an answer in published checkpoints: a net under metadata that forgets to say so.
constexpr std::array<std::string_view, 14> kEndTexts = {
    "<|eot_id|>", "<|im_end|>", "<|end|>",  "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>",          "<|eom_id|>",
    "<|eom|>",    "<EOT>",      "<|eos|>",  "<|fim_pad|>",   "<|repo_name|>", "<｜end▁of▁sentence｜>", "<|file_sep|>"};

void read_ends(const Metadata& metadata, Vocabulary& v) {
    const auto add = [&](TokenId id) {
        if (id >= 0) v.ends.insert(id);
    };
    add(v.eos);
    for (std::string_view name : {"eot_token_id", "eom_token_id", "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id"})
        add(declared(metadata, v, name, -1));
    if (const auto* more = metadata.integers("lectern.end_token_ids"))
        for (int64_t id : *more)
            if (id >= 0 && static_cast<uint64_t>(id) < v.texts.size()) v.ends.insert(static_cast<TokenId>(id));
    for (std::string_view text : kEndTexts) {
        const TokenId id = v.find(text);
        if (id >= 0 && v.kinds[id] == TokenKind::Control) v.ends.insert(id);
    }
}

void read_specials(const Metadata& metadata, Vocabulary& v, bool bpe_adds_bos) {
    const bool spm = v.model == VocabularyModel::Spm, wpm = v.model == VocabularyModel::WordPiece;
    v.cls = declared(metadata, v, "cls_token_id", wpm ? 101 : -1);
    v.sep = declared(metadata, v, "seperator_token_id", wpm ? 102 : -1); // GGUF spells it so
    v.bos = declared(metadata, v, "bos_token_id", spm ? 1 : wpm ? v.cls : -1);
    v.eos = declared(metadata, v, "eos_token_id", spm ? 2 : -1);
    v.unknown = declared(metadata, v, "unknown_token_id", spm ? 0 : wpm ? 100 : -1);
    // Some converters call it a control token; it is what a text becomes that has no tokens, so data may yield it.
    if ((spm || wpm) && v.unknown >= 0) v.kinds[v.unknown] = TokenKind::Unknown;
    v.add_bos = metadata.boolean(key("add_bos_token")).value_or(spm || wpm || bpe_adds_bos);
    v.add_eos = metadata.boolean(key("add_eos_token")).value_or(false);
    v.add_sep = metadata.boolean(key("add_sep_token")).value_or(wpm);
    v.prefix_at_start_only = metadata.boolean("lectern.tokenizer.prefix_at_start_only").value_or(false);
    v.prefix_unless_space = metadata.boolean("lectern.tokenizer.prefix_unless_space").value_or(false);
    v.add_space_prefix = spm && metadata.boolean(key("add_space_prefix")).value_or(true);
}

/// A checkpoint without a tokenizer: so many ids, no texts.
Result<std::shared_ptr<Vocabulary>> without_texts(const Metadata& metadata) {
    const auto architecture = metadata.text("general.architecture").value_or("");
    const auto size = metadata.integer(fmt::format("{}.vocab_size", architecture));
    if (!size || *size < 1 || static_cast<uint64_t>(*size) > kLargest) return damaged("it says no sound vocab_size");
    auto vocabulary = std::make_shared<Vocabulary>();
    vocabulary->texts.resize(static_cast<size_t>(*size));
    vocabulary->kinds.assign(vocabulary->texts.size(), TokenKind::Normal);
    vocabulary->bos = declared(metadata, *vocabulary, "bos_token_id", -1);
    vocabulary->eos = declared(metadata, *vocabulary, "eos_token_id", -1);
    if (vocabulary->eos >= 0) vocabulary->ends.insert(vocabulary->eos);
    return vocabulary;
}

} // namespace

Result<std::shared_ptr<Vocabulary>> load_vocabulary(const Metadata& metadata, bool bpe_adds_bos) {
    const auto model = metadata.text(key("model"));
    if (!model) return damaged("the checkpoint has none (tokenizer.ggml.model is missing)");
    if (*model == "none" || *model == "no_vocab") return without_texts(metadata);
    auto vocabulary = std::make_shared<Vocabulary>();
    if (*model == "gpt2") vocabulary->model = VocabularyModel::Bpe;
    else if (*model == "llama") vocabulary->model = VocabularyModel::Spm;
    else if (*model == "bert") vocabulary->model = VocabularyModel::WordPiece;
    else
        return Error{ErrorKind::Unsupported,
                     fmt::format("The checkpoint's tokenizer is of kind {}; gpt2, llama and bert are read.", *model)};
    if (auto read = read_texts(metadata, *vocabulary); !read) return read.error();
    read_specials(metadata, *vocabulary, bpe_adds_bos);
    build_lookups(*vocabulary);
    read_ends(metadata, *vocabulary);
    return vocabulary;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/tokenizer_json.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/file.h"
#include "engine/formats/json_text.h"
#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/tokenizer_json_parts.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

using namespace tokenizer_json;

constexpr uint64_t kFileLimit = 256u << 20;
constexpr uint64_t kTemplateLimit = 1u << 20;
constexpr double kNoMergeScore = -1e6; // below every merge's: -1, -2, …

std::string key(std::string_view name) { return fmt::format("tokenizer.ggml.{}", name); }

/// A JSON file of the folder; null if it is not there.
Result<json> read_optional(const fs::path& file) {
    const auto text = read_file(file, kFileLimit);
    if (!text) return text.error().kind == ErrorKind::NotFound ? Result<json>(json()) : Result<json>(text.error());
    return parse_json(*text, file);
}

/// "eos_token": "</s>" or {"content": "</s>", …}.
std::string token_text(const json& config, const char* name) {
    const json& value = member(config, name);
    return value.is_object() ? text_member(value, "content") : text_member(config, name);
}

Result<void> write_bpe(const json& model, const FrontEnd& front, const std::string& file, Metadata& metadata) {
    const bool ignore_merges = flag_member(model, "ignore_merges", false);
    const std::string_view pre = pre_tokenizer_name(front.passes, ignore_merges);
    if (pre.empty())
        return unsupported(file, fmt::format("its pre-tokenizer is not known: {}{}", fmt::join(front.passes, "  then  "),
                                             ignore_merges ? " (ignore_merges)" : ""));
    const auto merges = read_merges(model, file);
    if (!merges) return merges.error();
    std::vector<std::string> texts;
    for (const auto& [left, right] : *merges) texts.push_back(fmt::format("{} {}", left, right));
    metadata.set(key("model"), std::string("gpt2"));
    metadata.set(key("pre"), std::string(pre));
    metadata.set(key("merges"), std::move(texts));
    if (front.nfc) metadata.set("lectern.tokenizer.normalizer", std::string("nfc"));
    return {};
}

/// SentencePiece-like BPE: the rank of the first merge that makes a token becomes its score.
Result<void> write_spm(const json& model, const FrontEnd& front, Tokens& tokens, const std::string& file, Metadata& metadata) {
    if (!front.passes.empty() || front.nfc) return unsupported(file, "it mixes byte_fallback with other pre-tokenizers");
    const auto merges = read_merges(model, file);
    if (!merges) return merges.error();
    std::vector<double> scores(tokens.texts.size(), kNoMergeScore);
    for (size_t rank = 0; rank < merges->size(); ++rank) {
        const auto made = tokens.find((*merges)[rank].first + (*merges)[rank].second);
        if (made && scores[*made] == kNoMergeScore) scores[*made] = -1.0 - static_cast<double>(rank);
    }
    for (int byte = 0; byte < 256; ++byte)
        if (const auto id = tokens.find(fmt::format("<0x{:02X}>", byte))) tokens.kinds[*id] = TokenKind::Byte;
    metadata.set(key("model"), std::string("llama"));
    metadata.set(key("pre"), std::string("default"));
    metadata.set(key("scores"), std::move(scores));
    metadata.set(key("add_space_prefix"), front.space_prefix);
    if (front.prefix_unless_space) metadata.set("lectern.tokenizer.prefix_unless_space", true);
    if (front.prefix_at_start_only) metadata.set("lectern.tokenizer.prefix_at_start_only", true);
    return {};
}

/// WordPiece: GGUF marks the tokens that begin a word instead of those that go on.
Result<void> write_word_piece(const json& model, const FrontEnd& front, Tokens& tokens, const std::string& file,
                              Metadata& metadata) {
    if (!front.bert) return unsupported(file, "its WordPiece model has no BertNormalizer");
    if (text_member(model, "continuing_subword_prefix") != "##") return unsupported(file, "its WordPiece prefix is not ##");
    for (size_t id = 0; id < tokens.texts.size(); ++id) {
        std::string& text = tokens.texts[id];
        if (tokens.kinds[id] != TokenKind::Normal || (text.size() > 2 && text.front() == '[' && text.back() == ']')) continue;
        text = text.starts_with("##") && text.size() > 2 ? text.substr(2) : "▁" + text;
    }
    metadata.set(key("model"), std::string("bert"));
    metadata.set(key("pre"), std::string("bert"));
    metadata.set(key("normalizer.lowercase"), front.lowercase);
    metadata.set(key("normalizer.strip_accents"), front.strip_accents);
    return {};
}

Result<void> write_model(const json& tokenizer, Tokens& tokens, const std::string& file, Metadata& metadata) {
    const json& model = member(tokenizer, "model");
    const auto front = read_front_end(tokenizer, file);
    if (!front) return front.error();
    const std::string type = text_member(model, "type");
    if (const auto unknown = tokens.find(text_member(model, "unk_token"))) {
        metadata.set(key("unknown_token_id"), int64_t{*unknown});
        if (!front->byte_level) tokens.kinds[*unknown] = TokenKind::Unknown;
    }
    if (type == "WordPiece") return write_word_piece(model, *front, tokens, file, metadata);
    if (type != "BPE") return unsupported(file, fmt::format("its model {} is not known; BPE and WordPiece are read", type));
    if (!text_member(model, "continuing_subword_prefix").empty() || !text_member(model, "end_of_word_suffix").empty())
        return unsupported(file, "its BPE model marks the inside or the end of words");
    if (front->byte_level) return write_bpe(model, *front, file, metadata);
    if (flag_member(model, "byte_fallback", false)) return write_spm(model, *front, tokens, file, metadata);
    return unsupported(file, "its BPE model works neither on bytes nor with byte_fallback");
}

void write_special_ids(const json& config, const json& generation, const Tokens& tokens, Metadata& metadata) {
    constexpr std::array<std::pair<const char*, const char*>, 7> kNames{{{"bos_token", "bos_token_id"},
                                                                         {"eos_token", "eos_token_id"},
                                                                         {"unk_token", "unknown_token_id"},
                                                                         {"pad_token", "padding_token_id"},
                                                                         {"cls_token", "cls_token_id"},
                                                                         {"sep_token", "seperator_token_id"},
                                                                         {"mask_token", "mask_token_id"}}};
    for (const auto& [theirs, ours] : kNames)
        if (const auto id = tokens.find(token_text(config, theirs))) metadata.set(key(ours), int64_t{*id});
    const json& eos = member(generation, "eos_token_id");
    std::vector<int64_t> ends;
    for (const json& id : eos.is_array() ? eos : json::array({eos}))
        if (id.is_number_unsigned() && id.get<uint64_t>() < tokens.texts.size()) ends.push_back(id.get<int64_t>());
    if (ends.empty()) return;
    if (!metadata.contains(key("eos_token_id"))) metadata.set(key("eos_token_id"), ends.front());
    metadata.set("lectern.end_token_ids", std::move(ends));
}

void write_frame(const Frame& frame, bool word_piece, Metadata& metadata) {
    metadata.set(key("add_bos_token"), frame.before.has_value());
    metadata.set(key("add_eos_token"), false);
    metadata.set(key("add_sep_token"), false);
    if (frame.before) metadata.set(key(word_piece ? "cls_token_id" : "bos_token_id"), int64_t{*frame.before});
    if (frame.before && word_piece) metadata.set(key("bos_token_id"), int64_t{*frame.before});
    if (!frame.after) return;
    const bool is_eos = !word_piece && metadata.integer(key("eos_token_id")) == int64_t{*frame.after};
    metadata.set(key(is_eos ? "add_eos_token" : "add_sep_token"), true);
    if (!is_eos) metadata.set(key("seperator_token_id"), int64_t{*frame.after});
}

Result<void> write_chat_template(const fs::path& folder, const json& config, Metadata& metadata) {
    const json& stored = member(config, "chat_template");
    if (stored.is_string()) metadata.set("tokenizer.chat_template", stored.get<std::string>());
    if (stored.is_array())
        for (const json& named : stored) {
            const std::string name = text_member(named, "name"), text = text_member(named, "template");
            if (name.empty() || text.empty()) continue;
            metadata.set(name == "default" ? "tokenizer.chat_template" : "tokenizer.chat_template." + name, text);
        }
    const auto own = read_file(folder / "chat_template.jinja", kTemplateLimit);
    if (own) metadata.set("tokenizer.chat_template", *own);
    else if (own.error().kind != ErrorKind::NotFound) return own.error();
    return {};
}

Result<void> without_tokenizer(const fs::path& folder, uint64_t vocab_size, Metadata& metadata) {
    std::error_code ec;
    if (fs::exists(folder / "tokenizer.model", ec))
        return Error{ErrorKind::Unsupported,
                     fmt::format("{} has a tokenizer.model but no tokenizer.json; fetch the checkpoint with its "
                                 "tokenizer.json, or as GGUF.",
                                 folder.string())};
    metadata.set(key("model"), std::string("none"));
    if (const auto architecture = metadata.text("general.architecture"); architecture && vocab_size > 0) {
        const std::string name = fmt::format("{}.vocab_size", *architecture);
        if (!metadata.contains(name)) metadata.set(name, static_cast<int64_t>(vocab_size));
    }
    return {};
}

Result<void> write_tokens(const fs::path& file, uint64_t vocab_size, Tokens tokens, Metadata& metadata) {
    if (vocab_size > 0 && tokens.texts.size() > vocab_size)
        return damaged(file.string(), fmt::format("it has {} tokens where the model has {}", tokens.texts.size(), vocab_size));
    if (vocab_size > tokens.texts.size()) {
        // The last id, made and named like every other gap.
        const std::string last = fmt::format("[PAD{}]", vocab_size - 1);
        if (!tokens.put(vocab_size - 1, last, TokenKind::Unused))
            return damaged(file.string(), "the model's vocab_size is larger than any real one");
    }
    std::vector<int64_t> kinds;
    for (TokenKind kind : tokens.kinds) kinds.push_back(static_cast<int64_t>(kind));
    if (const auto* scores = metadata.numbers(key("scores"))) {
        std::vector<double> padded = *scores;
        padded.resize(tokens.texts.size(), kNoMergeScore);
        metadata.set(key("scores"), std::move(padded));
    }
    metadata.set(key("tokens"), std::move(tokens.texts));
    metadata.set(key("token_type"), std::move(kinds));
    return {};
}

} // namespace

Result<void> import_tokenizer(const fs::path& folder, uint64_t vocab_size, Metadata& metadata) {
    const fs::path file = folder / "tokenizer.json";
    std::error_code ec;
    if (!fs::exists(file, ec)) return without_tokenizer(folder, vocab_size, metadata);
    const auto text = read_file(file, kFileLimit);
    if (!text) return text.error();
    const auto tokenizer = parse_json(*text, file);
    if (!tokenizer) return tokenizer.error();
    const auto config = read_optional(folder / "tokenizer_config.json");
    if (!config) return config.error();
    const auto generation = read_optional(folder / "generation_config.json");
    if (!generation) return generation.error();

    auto tokens = read_tokens(*tokenizer, file.string());
    if (!tokens) return tokens.error();
    const auto frame = read_frame(member(*tokenizer, "post_processor"), *tokens, file.string());
    if (!frame) return frame.error();
    write_special_ids(*config, *generation, *tokens, metadata);
    if (auto written = write_model(*tokenizer, *tokens, file.string(), metadata); !written) return written;
    write_frame(*frame, metadata.text(key("model")) == "bert", metadata);
    if (auto written = write_chat_template(folder, *config, metadata); !written) return written;
    return write_tokens(file, vocab_size, std::move(*tokens), metadata);
}

} // namespace lectern

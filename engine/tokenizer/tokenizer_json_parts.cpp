// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/tokenizer_json_parts.h"

#include <fmt/format.h>

namespace lectern::tokenizer_json {
namespace {

constexpr uint64_t kLargest = 1u << 24;
constexpr uint64_t kMostGaps = 1u << 17; // ids that a file may leave out

/// Texts that converters take for control tokens even where a file forgets to flag them.
bool looks_special(const std::string& text) {
    for (const char* known : {"<s>", "</s>", "<unk>", "<pad>", "<mask>"})
        if (text == known) return true;
    return (text.starts_with("<|") && text.ends_with("|>")) || (text.starts_with("<｜") && text.ends_with("｜>"));
}

Result<std::string> token_of(const json& half, const std::string& file) {
    if (!half.is_string()) return damaged(file, "a merge is not a pair of texts");
    return half.get<std::string>();
}

/// One element of a template: the special token it names, or -1 for the text.
Result<TokenId> template_element(const json& element, const json& specials, const Tokens& tokens, const std::string& file) {
    if (element.is_object() && element.contains("Sequence")) return TokenId{-1};
    const std::string name = text_member(member(element, "SpecialToken"), "id");
    const json& ids = member(member(specials, name.c_str()), "ids");
    if (ids.is_array() && ids.size() == 1 && ids[0].is_number_unsigned() && ids[0].get<uint64_t>() < tokens.texts.size())
        return ids[0].get<TokenId>();
    const auto id = tokens.find(name);
    if (!id) return damaged(file, "its post_processor names a token that does not exist");
    return *id;
}

Result<Frame> read_template(const json& processor, const Tokens& tokens, const std::string& file) {
    Frame frame;
    bool text_seen = false;
    for (const json& element : member(processor, "single")) {
        const auto id = template_element(element, member(processor, "special_tokens"), tokens, file);
        if (!id) return id.error();
        if (*id < 0) {
            text_seen = true;
            continue;
        }
        auto& place = text_seen ? frame.after : frame.before;
        if (place) return unsupported(file, "its post_processor puts several tokens on one side of a text");
        place = *id;
    }
    return frame;
}

/// The id in BertProcessing's ["[SEP]", 102].
std::optional<TokenId> id_of_pair(const json& pair, const Tokens& tokens) {
    if (!pair.is_array() || pair.size() != 2 || !pair[1].is_number_unsigned()) return std::nullopt;
    const auto id = pair[1].get<uint64_t>();
    return id < tokens.texts.size() ? std::optional(static_cast<TokenId>(id)) : std::nullopt;
}

} // namespace

Error unsupported(const std::string& file, const std::string& what) {
    return {ErrorKind::Unsupported, fmt::format("{} cannot be used: {}.", file, what)};
}
Error damaged(const std::string& file, const std::string& what) {
    return {ErrorKind::Damaged, fmt::format("{} is not sound: {}. Fetch it again.", file, what)};
}

const json& member(const json& object, const char* name) {
    static const json null;
    if (!object.is_object()) return null;
    const auto found = object.find(name);
    return found == object.end() ? null : *found;
}

std::string text_member(const json& object, const char* name) {
    const json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag_member(const json& object, const char* name, bool otherwise) {
    const json& value = member(object, name);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

bool Tokens::put(uint64_t id, const std::string& text, TokenKind kind) {
    if (id >= kLargest) return false;
    for (size_t fresh = texts.size(); fresh <= id; ++fresh) {
        texts.push_back(fmt::format("[PAD{}]", fresh));
        kinds.push_back(TokenKind::Unused);
    }
    texts[id] = text;
    kinds[id] = kind;
    ids[text] = static_cast<TokenId>(id);
    return true;
}

std::optional<TokenId> Tokens::find(const std::string& text) const {
    const auto found = ids.find(text);
    return found == ids.end() ? std::nullopt : std::optional(found->second);
}

Result<Tokens> read_tokens(const json& tokenizer, const std::string& file) {
    Tokens tokens;
    const json& vocabulary = member(member(tokenizer, "model"), "vocab");
    if (!vocabulary.is_object() || vocabulary.empty()) return damaged(file, "its model has no vocab");
    const uint64_t limit = vocabulary.size() + member(tokenizer, "added_tokens").size() + kMostGaps;
    for (const auto& [text, id] : vocabulary.items())
        if (!id.is_number_unsigned() || id.get<uint64_t>() >= limit || !tokens.put(id.get<uint64_t>(), text, TokenKind::Normal))
            return damaged(file, "a token of its vocab has no sound id");
    for (const json& added : member(tokenizer, "added_tokens")) {
        const json& id = member(added, "id");
        const std::string text = text_member(added, "content");
        const bool control = flag_member(added, "special", false) || looks_special(text);
        if (text.empty() || !id.is_number_unsigned() || id.get<uint64_t>() >= limit ||
            !tokens.put(id.get<uint64_t>(), text, control ? TokenKind::Control : TokenKind::UserDefined))
            return damaged(file, "an added token has no sound id or text");
    }
    return tokens;
}

Result<std::vector<std::pair<std::string, std::string>>> read_merges(const json& model, const std::string& file) {
    const json& list = member(model, "merges");
    if (!list.is_array()) return damaged(file, "its model has no merges");
    std::vector<std::pair<std::string, std::string>> merges;
    for (const json& merge : list) {
        if (merge.is_array() && merge.size() == 2) {
            const auto left = token_of(merge[0], file), right = token_of(merge[1], file);
            if (!left || !right) return damaged(file, "a merge is not a pair of texts");
            merges.emplace_back(*left, *right);
            continue;
        }
        const auto text = token_of(merge, file);
        if (!text) return text.error();
        const size_t space = text->find(' ', 1);
        if (space == text->npos) return damaged(file, "a merge is not a pair of texts");
        merges.emplace_back(text->substr(0, space), text->substr(space + 1));
    }
    return merges;
}

Result<Frame> read_frame(const json& processor, const Tokens& tokens, const std::string& file) {
    const std::string type = text_member(processor, "type");
    if (processor.is_null() || type == "ByteLevel") return Frame{};
    if (type == "TemplateProcessing") return read_template(processor, tokens, file);
    if (type == "BertProcessing" || type == "RobertaProcessing")
        return Frame{id_of_pair(member(processor, "cls"), tokens), id_of_pair(member(processor, "sep"), tokens)};
    if (type != "Sequence") return unsupported(file, fmt::format("its post_processor {} is not known", type));
    Frame whole;
    for (const json& child : member(processor, "processors")) {
        const auto frame = text_member(child, "type") == "Sequence" ? Result<Frame>(Frame{}) : read_frame(child, tokens, file);
        if (!frame) return frame;
        if (frame->before) whole.before = frame->before;
        if (frame->after) whole.after = frame->after;
    }
    return whole;
}

} // namespace lectern::tokenizer_json

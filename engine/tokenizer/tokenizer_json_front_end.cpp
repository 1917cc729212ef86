// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

// Normalizer and pre-tokenizer of a tokenizer.json.

#include <fmt/format.h>

#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/tokenizer_json_parts.h"

namespace lectern::tokenizer_json {
namespace {

constexpr const char* kSpace = "▁";

/// The children of a Sequence, or the object itself; nothing for null.
std::vector<const json*> flat(const json& part, const char* children) {
    std::vector<const json*> parts;
    if (part.is_null()) return parts;
    if (text_member(part, "type") != "Sequence") return {&part};
    for (const json& child : member(part, children)) parts.push_back(&child);
    return parts;
}

Result<void> read_bert_normalizer(const json& part, FrontEnd& front, const std::string& file) {
    if (!flag_member(part, "clean_text", true) || !flag_member(part, "handle_chinese_chars", true))
        return unsupported(file, "its BertNormalizer leaves control or Chinese characters as they are");
    front.bert = true;
    front.lowercase = flag_member(part, "lowercase", true);
    front.strip_accents = flag_member(part, "strip_accents", front.lowercase);
    return {};
}

Result<void> read_normalizer(const json& part, FrontEnd& front, const std::string& file) {
    const std::string type = text_member(part, "type");
    if (type == "NFC") front.nfc = true;
    else if (type == "Prepend" && text_member(part, "prepend") == kSpace) front.space_prefix = true;
    else if (type == "BertNormalizer") return read_bert_normalizer(part, front, file);
    else if (type != "Replace" || text_member(member(part, "pattern"), "String") != " " ||
             text_member(part, "content") != kSpace)
        return unsupported(file, fmt::format("its normalizer {} is not known", type));
    return {};
}

Result<void> read_split(const json& part, FrontEnd& front, const std::string& file) {
    const std::string regex = text_member(member(part, "pattern"), "Regex"), behavior = text_member(part, "behavior");
    const bool invert = flag_member(part, "invert", false);
    // Matches and gaps both become words; "Removed" with "invert" says the same for an expression that leaves no gaps.
    const bool isolated = (behavior == "Isolated" && !invert) || (behavior == "Removed" && invert);
    if (regex.empty() || !isolated)
        return unsupported(file, fmt::format("its pre-tokenizer splits in a way that is not known ({} {})", behavior,
                                             member(part, "pattern").dump()));
    front.passes.push_back(regex);
    return {};
}

Result<void> read_byte_level(const json& part, FrontEnd& front, const std::string& file) {
    if (flag_member(part, "add_prefix_space", false))
        return unsupported(file, "its ByteLevel pre-tokenizer adds a space before each text");
    front.byte_level = true;
    if (flag_member(part, "use_regex", true)) front.passes.emplace_back(find_pre_tokenizer_rule("gpt-2")->passes.front());
    return {};
}

Result<void> read_metaspace(const json& part, FrontEnd& front, const std::string& file) {
    if (text_member(part, "replacement") != kSpace) return unsupported(file, "its Metaspace replaces spaces by something else");
    const std::string scheme = text_member(part, "prepend_scheme");
    const bool old_style = flag_member(part, "add_prefix_space", true);
    front.space_prefix = scheme.empty() ? old_style : scheme != "never";
    front.prefix_at_start_only = scheme == "first";
    front.prefix_unless_space = true;
    return {};
}

Result<void> read_pre_tokenizer(const json& part, FrontEnd& front, const std::string& file) {
    const std::string type = text_member(part, "type");
    if (type == "Split") return read_split(part, front, file);
    if (type == "ByteLevel") return read_byte_level(part, front, file);
    if (type == "Metaspace") return read_metaspace(part, front, file);
    if (type == "Digits") front.passes.emplace_back(flag_member(part, "individual_digits", false) ? R"(\p{N})" : R"(\p{N}+)");
    else if (type != "BertPreTokenizer") return unsupported(file, fmt::format("its pre_tokenizer {} is not known", type));
    return {};
}

} // namespace

Result<FrontEnd> read_front_end(const json& tokenizer, const std::string& file) {
    FrontEnd front;
    for (const json* part : flat(member(tokenizer, "normalizer"), "normalizers"))
        if (auto read = read_normalizer(*part, front, file); !read) return read.error();
    for (const json* part : flat(member(tokenizer, "pre_tokenizer"), "pretokenizers"))
        if (auto read = read_pre_tokenizer(*part, front, file); !read) return read.error();
    return front;
}

} // namespace lectern::tokenizer_json

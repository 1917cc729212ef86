// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/tokenizer/chat_template.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/jinja/interpreter.h"
#include "engine/tokenizer/jinja/parser.h"

namespace lectern {
namespace {

using nlohmann::ordered_json;

constexpr size_t kSourceLimit = 1u << 20;
constexpr std::array<std::string_view, 4> kRoles = {"system", "user", "assistant", "tool"};

Error template_error(const jinja::Failure& failure) {
    return {failure.kind, fmt::format("The model's chat template cannot be used: {}.", failure.message)};
}

/// A message as a value: data, but a role of the closed set is trusted.
jinja::Value message_value(const ordered_json& message) {
    if (!message.is_object()) return jinja::from_json(message, false, 2);
    jinja::Dict dict;
    for (const auto& [key, value] : message.items()) {
        const bool role = key == "role" && value.is_string() &&
                          std::ranges::find(kRoles, value.get_ref<const std::string&>()) != kRoles.end();
        dict.items.emplace_back(jinja::MarkedString(key, role), jinja::from_json(value, role, 3));
    }
    return jinja::Value::dict(std::move(dict), false);
}

jinja::Value data_value(const std::string& name, const ordered_json& value) {
    if (name != "messages" || !value.is_array()) return jinja::from_json(value, false, 1);
    std::vector<jinja::Value> messages;
    for (const ordered_json& message : value) messages.push_back(message_value(message));
    return jinja::Value::list(std::move(messages), false);
}

MarkedText with_segments(const jinja::MarkedString& marked) {
    MarkedText out{marked.text(), {}};
    for (size_t at = 0; at < marked.size(); ++at) {
        const bool trusted = marked.trusted_at(at);
        if (out.segments.empty() || out.segments.back().trusted != trusted) out.segments.push_back({at, at, trusted});
        out.segments.back().end = at + 1;
    }
    return out;
}

} // namespace

struct ChatTemplate::Program {
    jinja::Block block;
};

std::vector<TextSegment> MarkedText::views() const {
    std::vector<TextSegment> all;
    for (const Segment& segment : segments)
        all.push_back({std::string_view(text).substr(segment.start, segment.end - segment.start), segment.trusted});
    return all;
}

Result<ChatTemplate> ChatTemplate::parse(std::string_view source) {
    if (source.size() > kSourceLimit) return template_error({ErrorKind::TooLarge, "it is longer than 1 MiB"});
    try {
        return ChatTemplate(std::make_shared<const Program>(Program{jinja::parse(source)}));
    } catch (const jinja::Failure& failure) {
        return template_error(failure);
    }
}

Result<MarkedText> ChatTemplate::render(const ordered_json& trusted, const ordered_json& data) const {
    try {
        jinja::Interpreter interpreter;
        for (const auto& [name, value] : trusted.items()) interpreter.set(name, jinja::from_json(value, true));
        for (const auto& [name, value] : data.items()) interpreter.set(name, data_value(name, value)); // data wins over trust
        return with_segments(interpreter.run(program_->block));
    } catch (const jinja::Failure& failure) {
        return template_error(failure);
    }
}

} // namespace lectern

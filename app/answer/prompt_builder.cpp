// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/prompt_builder.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lectern {
namespace {

// Where the document ends in the rendered prompt. A private-use character that is cut out of all data first.
constexpr std::string_view kSeam = "\xEE\x80\x80";
// A checkpoint without a chat template gets the message as it is.
constexpr std::string_view kPlainChat = "{% for m in messages %}{{ m['content'] }}{% endfor %}";

/// One line, without the seam's character.
std::string flattened(std::string_view text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with(kSeam)) {
            i += kSeam.size() - 1;
            continue;
        }
        const char c = text[i] == '\n' || text[i] == '\r' || text[i] == '\t' || text[i] == '\f' ? ' ' : text[i];
        if (c == ' ' && !out.empty() && out.back() == ' ') continue;
        out += c;
    }
    return out;
}

/// The segments of [begin, end) of a rendering.
std::vector<TextSegment> part(const MarkedText& rendered, size_t begin, size_t end) {
    std::vector<TextSegment> views;
    for (const auto& segment : rendered.segments) {
        const size_t from = std::max(segment.start, begin), to = std::min(segment.end, end);
        if (from < to) views.push_back({std::string_view(rendered.text).substr(from, to - from), segment.trusted});
    }
    return views;
}

} // namespace

Result<PromptBuilder> PromptBuilder::create(PromptLayout layout, std::string_view chat_template,
                                            std::shared_ptr<const Tokenizer> tokenizer) {
    auto passages = ChatTemplate::parse(layout.passages_template);
    if (!passages) return passages.error();
    auto document = ChatTemplate::parse(layout.document_template);
    if (!document) return document.error();
    auto chat = ChatTemplate::parse(chat_template.empty() ? kPlainChat : chat_template);
    if (!chat) return chat.error();
    return PromptBuilder(std::move(layout), std::move(tokenizer), std::move(*passages), std::move(*document), std::move(*chat));
}

Result<Prompt> PromptBuilder::build(PromptMode mode, std::string_view question,
                                    std::span<const PromptPassage> passages) const {
    nlohmann::json data = {{"question", flattened(question)}, {"passages", nlohmann::json::array()}};
    for (const PromptPassage& passage : passages)
        data["passages"].push_back({{"n", passage.mark}, {"text", flattened(passage.text)}});
    const ChatTemplate& content = mode == PromptMode::Document ? document_ : passages_;
    const auto message = content.render({{"seam", kSeam}}, data);
    if (!message) return message.error();

    nlohmann::json messages = nlohmann::json::array();
    if (!layout_.system.empty()) messages.push_back({{"role", "system"}, {"content", layout_.system}});
    messages.push_back({{"role", "user"}, {"content", message->text}});
    const auto special = [&](TokenId id) { return id < 0 ? std::string() : std::string(tokenizer_->text(id)); };
    const auto rendered = chat_.render({{"add_generation_prompt", true},
                                        {"bos_token", special(tokenizer_->bos())},
                                        {"eos_token", special(tokenizer_->eos())}},
                                       {{"messages", messages}});
    if (!rendered) return rendered.error();

    Prompt prompt;
    const size_t seam = rendered->text.find(kSeam);
    size_t tail_begin = 0;
    if (seam != std::string::npos) {
        prompt.head = tokenizer_->encode(part(*rendered, 0, seam));
        tail_begin = seam + kSeam.size();
    }
    prompt.tail = tokenizer_->encode(part(*rendered, tail_begin, rendered->text.size()));
    return prompt;
}

int64_t PromptBuilder::passage_tokens(const PromptPassage& passage) const {
    return int64_t(tokenizer_->encode(fmt::format("[{}] {}\n\n", passage.mark, flattened(passage.text))).size());
}

} // namespace lectern

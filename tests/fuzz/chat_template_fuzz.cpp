// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// A chat template: parse it and render a conversation whose contents are private-use characters, none of which may come
// out trusted.

#include <nlohmann/json.hpp>

#include "engine/tokenizer/chat_template.h"

using namespace lectern;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view source(reinterpret_cast<const char*>(data), size);
    const auto parsed = ChatTemplate::parse(source);
    if (!parsed) return 0;
    static const nlohmann::ordered_json trusted = {{"bos_token", "<s>"}, {"eos_token", "</s>"}, {"add_generation_prompt", true}};
    static const nlohmann::ordered_json messages = {
        {"messages",
         {{{"role", "system"}, {"content", "\uE001 \uE002"}}, {{"role", "user"}, {"content", "\uE003\n\uE004"}}, {{"role", "assistant"}, {"content", "\uE005"}}}},
        {"tools", {{{"name", "\uE006"}, {"n", 3}}}}};
    const auto text = parsed->render(trusted, messages);
    if (!text || source.find('\xEE') != source.npos || source.find('\\') != source.npos) return 0; // it may spell such characters itself
    for (const TextSegment& segment : text->views())
        ENSURE(!segment.trusted || segment.text.find('\xEE') == segment.text.npos, "data stays data");
    return 0;
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/answer_json.h"

#include <nlohmann/json.hpp>

namespace lectern {
namespace {

using Json = nlohmann::ordered_json;

Json boxes_json(const std::vector<PageBox>& boxes) {
    Json list = Json::array();
    for (const PageBox& b : boxes) list.push_back({b.page, b.box.x0, b.box.y0, b.box.x1, b.box.y1});
    return list;
}

Json json_of(const StartEvent& e) {
    Json left_out = Json::array();
    for (const LeftOut& part : e.left_out)
        left_out.push_back({{"document", part.document}, {"first_page", part.first_page}, {"last_page", part.last_page}, {"reason", part.reason}});
    Json json = {{"event", "start"}, {"chat", e.chat}, {"turn", e.turn}, {"model", e.model}, {"mode", e.mode},
                 {"restored_tokens", e.restored_tokens}, {"same_arithmetic", e.same_arithmetic}, {"as_of_page", nullptr},
                 {"left_out", left_out}, {"note", e.note}};
    if (e.as_of_page) json["as_of_page"] = *e.as_of_page;
    return json;
}
Json json_of(const ProgressEvent& e) { return {{"event", "progress"}, {"stage", e.stage}, {"done", e.done}, {"total", e.total}}; }
Json json_of(const TokenEvent& e) { return {{"event", "token"}, {"text", e.text}}; }
Json json_of(const CitationEvent& e) {
    return {{"event", "citation"}, {"id", e.id}, {"mark", e.mark}, {"document", e.document}, {"name", e.name}, {"page", e.page},
            {"page_label", e.page_label}, {"quote", e.quote}, {"boxes", boxes_json(e.boxes)}};
}
Json json_of(const CheckEvent& e) {
    return {{"event", "check"}, {"sentence", {{"start", e.start}, {"end", e.end}}}, {"verdict", to_string(e.verdict)}, {"citations", e.citations}};
}
Json json_of(const UsageEvent& e) {
    return {{"event", "usage"}, {"prompt_tokens", e.prompt_tokens}, {"read_tokens", e.read_tokens}, {"output_tokens", e.output_tokens},
            {"first_token_ms", e.first_token_ms}, {"tokens_per_s", e.tokens_per_s}};
}
Json json_of(const DoneEvent& e) { return {{"event", "done"}, {"text", e.text}}; }

} // namespace

std::string to_json(const AnswerEvent& event) {
    return std::visit([](const auto& e) { return json_of(e); }, event).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/answer_pipeline.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

#include "app/answer/answer_stream.h"
#include "app/answer/context_packer.h"
#include "engine/base/log.h"

namespace lectern {

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::Verified: return "verified";
    case Verdict::Partly: return "partly";
    case Verdict::Gist: return "gist";
    case Verdict::Contradicted: return "contradicted";
    case Verdict::Unsupported: return "unsupported";
    }
    return "gist";
}

namespace {

// Tokens of the prompt around the passages: templates, the question twice, marks.
constexpr int64_t kPromptOverhead = 256;

std::string today() {
    const std::time_t now = std::time(nullptr);
    char text[16];
    std::tm local{};
    localtime_r(&now, &local);
    std::strftime(text, sizeof text, "%Y-%m-%d", &local);
    return text;
}

std::string title_of(const std::string& question) {
    constexpr size_t kTitleBytes = 60;
    if (question.size() <= kTitleBytes) return question;
    size_t end = kTitleBytes;
    while (end > 0 && (static_cast<unsigned char>(question[end]) & 0xC0) == 0x80) --end; // not inside a character
    return question.substr(0, end) + "…";
}

/// Where a support stands: its page, the label, the words' boxes.
CitationEvent place(LibrarySession& library, const PackedContext& context, const Support& support) {
    const OfferedPassage& passage = context.passages[support.passage];
    const std::string_view text = passage.text;
    CitationEvent citation;
    citation.document = passage.document;
    citation.name = passage.document_name;
    citation.quote = std::string(text.substr(support.begin, support.end - support.begin));
    citation.page = context.first_pages[support.passage] + int(std::count(text.begin(), text.begin() + ptrdiff_t(support.begin), '\f'));
    const auto document = DocumentId(passage.document);
    citation.page_label = std::to_string(citation.page);
    if (const auto page = library.library().page(document, citation.page); page && *page) citation.page_label = (*page)->label;
    if (auto boxes = library.library().boxes(document, passage.start + support.begin, passage.start + support.end))
        citation.boxes = std::move(*boxes);
    return citation;
}

struct Talk {
    ChatId chat{};
    int turns = 0, citations = 0;
};

/// The talk that this turn belongs to; a new one where none was named. Nothing is stored in a library open for reading.
Result<Talk> open_talk(LibrarySession& library, const Question& question) {
    Talk talk;
    if (question.chat) {
        const auto chat = library.chats().chat(*question.chat);
        if (!chat) return chat.error();
        if (!*chat) return Error{ErrorKind::NotFound, fmt::format("There is no chat {} in the library.", number(*question.chat))};
        const auto turns = library.chats().turns(*question.chat);
        if (!turns) return turns.error();
        talk.chat = *question.chat;
        talk.turns = int(turns->size());
        for (const Turn& turn : *turns)
            for (const Citation& citation : turn.citations) talk.citations = std::max(talk.citations, citation.number);
    } else if (library.writable()) {
        const auto created = library.chats().create(title_of(question.text), today(), question.scope);
        if (!created) return created.error();
        talk.chat = *created;
    }
    return talk;
}

Turn turn_of(const Question& question, const PackedContext& context, const AnswerStream& stream, const GenerateResult& generated,
             const std::string& model) {
    Turn turn;
    turn.question = question.text;
    turn.answer = stream.text();
    turn.model = model;
    turn.mode = context.mode == PromptMode::Document ? "document" : "passages";
    turn.tokens.emplace(generated.tokens.begin(), generated.tokens.end());
    for (const OfferedPassage& passage : context.passages) {
        const auto id = DocumentId(passage.document);
        if (std::find(turn.documents.begin(), turn.documents.end(), id) == turn.documents.end()) turn.documents.push_back(id);
    }
    for (const CitationEvent& event : stream.citations()) {
        Citation citation;
        citation.number = event.id;
        citation.mark = event.mark;
        citation.document = DocumentId(event.document);
        citation.name = event.name;
        citation.page = event.page;
        citation.page_label = event.page_label;
        citation.quote = event.quote;
        for (const OfferedPassage& passage : context.passages)
            if (const size_t at = passage.text.find(event.quote); passage.document == event.document && at != std::string::npos) {
                citation.start = passage.start + at;
                citation.end = citation.start + event.quote.size();
                break;
            }
        turn.citations.push_back(std::move(citation));
    }
    return turn;
}

} // namespace

Result<void> AnswerPipeline::run(const Question& question, const AnswerSink& sink, std::stop_token stop) {
    const auto loaded = engine_.load(stop);
    if (!loaded) return loaded.error();
    const PromptBuilder& prompts = (*loaded)->prompts;
    GenerateRequest request;
    request.sampling = question.sampling;
    if (request.sampling.max_tokens <= 0) request.sampling.max_tokens = prompts.layout().max_answer_tokens;
    const int64_t budget = (*loaded)->context - request.sampling.max_tokens - kPromptOverhead -
                           2 * prompts.passage_tokens({0, question.text});

    std::vector<DocumentId> scope = question.scope;
    if (question.whole && scope.empty()) {
        const auto documents = library_.library().list();
        if (!documents) return documents.error();
        if (documents->size() == 1) scope.push_back(documents->front().id);
    }
    if (question.whole && scope.size() != 1)
        return Error{ErrorKind::NotFound, "Reading a whole document needs exactly one document: name it."};
    auto context = question.whole ? pack_document(library_, prompts, scope.front(), budget, stop)
                                  : pack_passages(library_, prompts, question.text, scope, budget, stop);
    if (!context) return context.error();
    const auto talk = open_talk(library_, question);
    if (!talk) return talk.error();

    StartEvent start;
    start.chat = number(talk->chat);
    start.turn = talk->turns + 1;
    start.model = (*loaded)->model->info().name;
    start.mode = context->mode == PromptMode::Document ? "document" : "passages";
    start.as_of_page = context->as_of_page;
    start.left_out = context->left_out;
    start.note = context->note;
    sink(start);

    std::vector<PromptPassage> shown;
    for (const OfferedPassage& passage : context->passages) shown.push_back({passage.mark, passage.text});
    auto prompt = prompts.build(context->mode, question.text, shown);
    if (!prompt) return prompt.error();
    request.prompt = std::move(*prompt);

    const CitationChecker checker(context->passages);
    AnswerStream stream(checker, [&](const Support& support) { return place(library_, *context, support); }, talk->citations + 1,
                        prompts.layout().not_found, sink);
    const GenerateEvents events{[&](int64_t done, int64_t total) { sink(ProgressEvent{"reading", done, total}); },
                                [&](std::string_view text) { stream.push(text); }};
    const auto generated = engine_.generate(request, events, stop);
    if (!generated) return generated.error();
    stream.finish();
    sink(UsageEvent{generated->prompt_tokens, generated->read_tokens, generated->output_tokens, generated->first_token_ms,
                    generated->tokens_per_s});
    if (library_.writable()) {
        const auto stored = library_.chats().add_turn(talk->chat, turn_of(question, *context, stream, *generated, start.model));
        // The answer stands; that it could not be kept is for the log, unless a document went away meanwhile.
        if (!stored) log("app").warning(fmt::format("a turn was not stored: {}", stored.error().message));
    }
    sink(DoneEvent{stream.text()});
    return {};
}

} // namespace lectern

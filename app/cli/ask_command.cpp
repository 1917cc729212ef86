// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// lectern-cli ask: a question, a streamed answer, and where it stands.
#include <unistd.h>

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/answer/answer_json.h"
#include "app/answer/answer_pipeline.h"
#include "app/cli/cli.h"
#include "app/cli/open_library.h"
#include "app/paths.h"

namespace lectern::cli {
namespace {

struct AskOptions {
    LibraryOptions library;
    std::string question, model = "starter";
    std::vector<int64_t> documents;
    int64_t chat = 0;
    bool whole = false;
    float temperature = 0;
    uint64_t seed = 0;
    int max_tokens = 0;
};

std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = c == '\n' || c == '\t' || c == ' ';
        if (!blank) line += c;
        else if (!line.empty() && line.back() != ' ') line += ' ';
    }
    return line;
}

/// The terminal's face of the stream.
class TerminalAnswer {
public:
    void take(const AnswerEvent& event) {
        std::visit([this](const auto& e) { show(e); }, event);
        std::fflush(stdout);
    }

private:
    void clear_progress() {
        if (progress_) std::fprintf(stderr, "\r\033[K");
        progress_ = false;
    }
    void show(const StartEvent& e) {
        if (!e.note.empty()) std::fprintf(stderr, "%s\n", e.note.c_str());
    }
    void show(const ProgressEvent& e) {
        if (!::isatty(STDERR_FILENO)) return;
        std::fprintf(stderr, "\r\033[Kreading %lld of %lld tokens", (long long)e.done, (long long)e.total);
        progress_ = true;
    }
    void show(const TokenEvent& e) {
        clear_progress();
        std::printf("%s", e.text.c_str());
    }
    void show(const CitationEvent& e) { citations_.push_back(e); }
    void show(const CheckEvent& e) {
        if (e.verdict == Verdict::Unsupported) ++unsupported_;
        if (e.verdict == Verdict::Partly) ++partly_;
    }
    void show(const UsageEvent& e) { usage_ = e; }
    void show(const DoneEvent&) {
        clear_progress();
        std::printf("\n");
        if (partly_) std::printf("(%d %s only partly supported by what is cited.)\n", partly_, partly_ == 1 ? "sentence is" : "sentences are");
        if (unsupported_) std::printf("(No support was found for %d %s.)\n", unsupported_, unsupported_ == 1 ? "sentence" : "sentences");
        if (!citations_.empty()) std::printf("\n");
        for (const CitationEvent& c : citations_)
            std::printf("[%d] %s, p. %s: \"%s\"\n", c.id, c.name.c_str(), c.page_label.c_str(), on_one_line(c.quote).c_str());
        std::fprintf(stderr, "\n%lld tokens read, first word after %.0f ms, %.0f tokens/s\n", (long long)usage_.read_tokens,
                     usage_.first_token_ms, usage_.tokens_per_s);
    }

    std::vector<CitationEvent> citations_;
    UsageEvent usage_;
    int unsupported_ = 0, partly_ = 0;
    bool progress_ = false;
};

int ask_command(const AskOptions& o) {
    const bool json = o.library.common.json;
    auto session = open_library(o.library, Access::Write);
    // Another program writes to the library: the question can be answered all the same, the talk is not kept.
    if (!session && session.error().kind == ErrorKind::Busy) session = open_library(o.library, Access::Read);
    if (!session) return fail(session.error(), json);
    EngineOptions engine_options;
    engine_options.model = o.model;
    engine_options.backend = o.library.common.backend;
    engine_options.threads = o.library.common.threads;
    engine_options.kv = o.library.common.kv_type();
    engine_options.model_folders = o.library.common.model_folders();
    engine_options.resources = resources_folder();
    EngineClient engine(engine_options);

    Question question;
    question.text = o.question;
    for (const int64_t id : o.documents) question.scope.push_back(DocumentId(id));
    question.whole = o.whole;
    if (o.chat) question.chat = ChatId(o.chat);
    question.sampling.temperature = o.temperature;
    question.sampling.seed = o.seed;
    question.sampling.max_tokens = o.max_tokens;
    TerminalAnswer terminal;
    const AnswerSink sink = [&](const AnswerEvent& event) {
        if (!json) return terminal.take(event);
        std::printf("%s\n", to_json(event).c_str());
        std::fflush(stdout);
    };
    AnswerPipeline pipeline(**session, engine);
    if (auto answered = pipeline.run(question, sink, interrupt_token()); !answered) return fail(answered.error(), json);
    return kDone;
}

} // namespace

void add_ask_command(CLI::App& app, Action& action) {
    static AskOptions o;
    CLI::App* c = app.add_subcommand("ask", "Ask the documents; the answer comes with the places that it stands on");
    add_library_option(*c, o.library);
    add_model_options(*c, o.library.common);
    c->add_option("QUESTION", o.question)->required();
    c->add_option("--document", o.documents, "Only this document; may be repeated");
    c->add_option("--model", o.model, "A path, or a name that is looked up");
    c->add_flag("--whole", o.whole, "Read the one document from its beginning instead of searching");
    c->add_option("--chat", o.chat, "Go on with this talk");
    c->add_option("--temperature", o.temperature, "0: always the likeliest word")->check(CLI::Range(0.0, 10.0));
    c->add_option("--seed", o.seed);
    c->add_option("--max-tokens", o.max_tokens, "The longest answer")->check(CLI::PositiveNumber);
    c->callback([&action] { action = [] { return ask_command(o); }; });
}

} // namespace lectern::cli

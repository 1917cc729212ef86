// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/engine_client.h"

#include <chrono>
#include <future>

#include <fmt/format.h>

#include "app/worker_thread.h"
#include "engine/base/log.h"

namespace lectern {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

} // namespace

struct EngineClient::Private {
    EngineOptions options;
    std::mutex mutex; // guards options.model and loaded
    std::shared_ptr<const LoadedModel> loaded;
    WorkerThread thread; // last: ends before what it uses

    Result<std::shared_ptr<const LoadedModel>> load_here(std::stop_token stop);
    Result<GenerateResult> generate_here(const GenerateRequest& request, const GenerateEvents& events, std::stop_token stop);

    /// Runs `body` on the engine's thread and waits for it; what it throws becomes an error.
    template <class Body>
    auto call(Body body) -> decltype(body()) {
        std::promise<decltype(body())> promise;
        auto future = promise.get_future();
        thread.post([&] {
            try {
                promise.set_value(body());
            } catch (const std::bad_alloc&) {
                promise.set_value(Error{ErrorKind::OutOfMemory, "There is not enough memory for the model's work."});
            } catch (const std::exception& e) {
                promise.set_value(Error{ErrorKind::Internal, fmt::format("The engine failed: {}", e.what())});
            }
        });
        return future.get();
    }
};

EngineClient::EngineClient(EngineOptions options) : d(std::make_unique<Private>()) { d->options = std::move(options); }
EngineClient::~EngineClient() = default;
const EngineOptions& EngineClient::options() const { return d->options; }

void EngineClient::choose_model(std::string model) {
    const std::lock_guard lock(d->mutex);
    if (model == d->options.model) return;
    d->options.model = std::move(model);
    d->loaded.reset();
}

Result<std::shared_ptr<const LoadedModel>> EngineClient::Private::load_here(std::stop_token stop) {
    EngineOptions wanted;
    {
        const std::lock_guard lock(mutex);
        if (loaded) return loaded;
        wanted = options;
    }
    LoadOptions load;
    load.backend = wanted.backend;
    load.threads = wanted.threads;
    load.folders = wanted.model_folders;
    const auto model = Model::open(wanted.model, load, stop);
    if (!model) return model.error();
    auto layout = PromptLayout::load((*model)->info().path, wanted.resources);
    if (!layout) return layout.error();
    auto prompts = PromptBuilder::create(std::move(*layout), (*model)->info().chat_template, (*model)->tokenizer());
    if (!prompts) return prompts.error();
    const int64_t context = (*model)->info().context();
    auto fresh = std::make_shared<const LoadedModel>(LoadedModel{*model, std::move(*prompts), context});
    const std::lock_guard lock(mutex);
    loaded = fresh;
    return fresh;
}

Result<std::shared_ptr<const LoadedModel>> EngineClient::load(std::stop_token stop) {
    return d->call([&]() -> Result<std::shared_ptr<const LoadedModel>> { return d->load_here(stop); });
}

Result<GenerateResult> EngineClient::Private::generate_here(const GenerateRequest& request, const GenerateEvents& events,
                                                            std::stop_token stop) {
    const auto ready = load_here(stop);
    if (!ready) return ready.error();
    const Clock::time_point start = Clock::now();
    GenerateResult result;
    result.prompt_tokens = request.prompt.size();
    const int64_t needed = result.prompt_tokens + request.sampling.max_tokens + 1;
    if (result.prompt_tokens >= (*ready)->context)
        return Error{ErrorKind::TooLarge, fmt::format("The prompt has {} tokens; this model reads {}.",
                                                      result.prompt_tokens, (*ready)->context)};
    SessionOptions session_options;
    session_options.context = std::min((*ready)->context, needed);
    session_options.kv = options.kv;
    auto session = Session::create((*ready)->model, session_options);
    if (!session) return session.error();

    int64_t read = 0;
    const auto report = [&](int64_t done, int64_t) {
        if (events.reading) events.reading(read + done, result.prompt_tokens);
    };
    for (const auto* part : {&request.prompt.head, &request.prompt.tail}) {
        if (part->empty()) continue;
        if (auto done = (*session)->prefill(*part, report, stop); !done) return done.error();
        read += int64_t(part->size());
    }
    result.read_tokens = read;

    Clock::time_point first;
    const auto sink = [&](TokenId id, std::string_view text) {
        if (result.output_tokens == 0) first = Clock::now();
        if (id >= 0) ++result.output_tokens;
        if (!text.empty()) events.text(text);
    };
    const auto reason = (*session)->decode(request.sampling, sink, {}, stop);
    if (!reason) return reason.error();
    result.reason = *reason;
    result.tokens = (*session)->history().tokens;
    result.first_token_ms = std::chrono::duration<double, std::milli>(first - start).count();
    const double writing_ms = ms_since(first);
    result.tokens_per_s = writing_ms > 0 ? double(result.output_tokens - 1) * 1000 / writing_ms : 0;
    log("app").info(fmt::format("answer: {} tokens read, {} written, first after {:.0f} ms", result.read_tokens,
                                result.output_tokens, result.first_token_ms));
    return result;
}

Result<GenerateResult> EngineClient::generate(const GenerateRequest& request, const GenerateEvents& events,
                                              std::stop_token stop) {
    return d->call([&]() -> Result<GenerateResult> { return d->generate_here(request, events, stop); });
}

} // namespace lectern

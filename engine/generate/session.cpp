// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/generate/session.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "engine/generate/text_stream.h"

namespace lectern {

Result<std::unique_ptr<Session>> Session::create(std::shared_ptr<const Model> model, const SessionOptions& options) {
    const int64_t context = options.context > 0 ? options.context : model->info().context();
    const int64_t chunk = options.prefill_chunk;
    if (context > std::numeric_limits<int32_t>::max())
        return Error{ErrorKind::TooLarge, fmt::format("A context of {} tokens is too long.", context)};
    if (chunk < 1 || (chunk > kGrid && chunk % kGrid != 0))
        return Error{ErrorKind::Unsupported,
                     fmt::format("The prefill chunk is {}; it must be a multiple of {}, or smaller.", chunk, kGrid)};
    auto forward = Forward::create(model, options.kv.value_or(model->default_kv_type()), context, std::min(chunk, context));
    if (!forward) return forward.error();
    return std::unique_ptr<Session>(new Session(std::move(*forward), chunk));
}

Result<void> Session::prefill(std::span<const TokenId> tokens, const Yield& yield, std::stop_token stop,
                              const LogitRequest* request) {
    std::vector<TokenId> all;
    if (pending_) all.push_back(*pending_);
    all.insert(all.end(), tokens.begin(), tokens.end());
    const auto total = static_cast<int64_t>(all.size());
    if (forward_->position() + total > context())
        return Error{ErrorKind::TooLarge, fmt::format("{} tokens do not fit: {} of the context of {} are used.", total,
                                                      forward_->position(), context())};
    std::vector<float> logits(request ? size_t(model().decoder().vocab_size) : 0);
    int64_t done = 0;
    while (done < total) {
        // Chunks end on the absolute grid, so that a prompt is cut at the same places whoever asks.
        const int64_t position = forward_->position();
        const int64_t rows = std::min(total - done, chunk_ - position % chunk_);
        const auto chunk = std::span(all).subspan(size_t(done), size_t(rows));
        const auto between = [&] {
            if (yield) yield(done, total);
        };
        if (auto run = forward_->run(chunk, Phase::Prefill, between, stop); !run) return run;
        pending_.reset();
        history_.tokens.insert(history_.tokens.end(), chunk.begin(), chunk.end());
        last_row_ = rows - 1;
        last_phase_ = Phase::Prefill;
        for (int64_t row = 0; request && row < rows; ++row) {
            if (!request->wanted(position + row)) continue;
            forward_->logits(row, logits, Phase::Prefill);
            request->take(position + row, logits);
        }
        done += rows;
        if (yield) yield(done, total);
    }
    if (total > 0) history_.seams.push_back(history_.tokens.size());
    return {};
}

void Session::last_logits(std::span<float> logits) {
    ENSURE(last_row_ >= 0, "nothing was read yet");
    forward_->logits(last_row_, logits, last_phase_);
}

Result<void> Session::step(TokenId token, std::span<float> logits, std::stop_token stop) {
    if (auto run = forward_->run({&token, 1}, Phase::Decode, nullptr, stop); !run) return run;
    history_.tokens.push_back(token);
    last_row_ = 0;
    last_phase_ = Phase::Decode;
    last_logits(logits);
    return {};
}

Result<StopReason> Session::decode(const SamplerOptions& options, const TokenSink& sink, const Yield& yield,
                                   std::stop_token stop) {
    const Tokenizer& tokenizer = *model().tokenizer();
    Sampler sampler(options);
    TextStream text(model().tokenizer(), options.stop_strings);
    std::vector<float> logits(size_t(model().decoder().vocab_size));
    last_logits(logits);
    const auto begin = static_cast<int64_t>(history_.tokens.size());
    const auto end_at = [&](StopReason reason) -> Result<StopReason> {
        const auto end = static_cast<int64_t>(history_.tokens.size());
        if (end > begin) history_.decoded.push_back({begin, end});
        return reason;
    };
    for (int made = 0; made < options.max_tokens; ++made) {
        // Rows of the table beyond the vocabulary are padding that no training touched.
        for (size_t id = tokenizer.size(); id < logits.size(); ++id) logits[id] = -std::numeric_limits<float>::infinity();
        const TokenId token = sampler.choose(logits, history_.tokens);
        if (tokenizer.ends_generation(token)) {
            pending_ = token;
            sink(token, text.finish());
            return end_at(StopReason::EndToken);
        }
        sink(token, text.push(token));
        if (yield) yield(made + 1, options.max_tokens);
        if (forward_->position() + 1 > context()) {
            sink(token, text.finish());
            return end_at(StopReason::ContextFull);
        }
        if (auto read = step(token, logits, stop); !read) {
            (void)end_at(StopReason::MaxTokens);
            return read.error();
        }
        if (text.stopped()) return end_at(StopReason::StopString);
    }
    sink(-1, text.finish());
    return end_at(StopReason::MaxTokens);
}

} // namespace lectern

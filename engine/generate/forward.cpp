// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/generate/forward.h"

#include <algorithm>

#include <fmt/format.h>

namespace lectern {

Result<std::unique_ptr<Forward>> Forward::create(std::shared_ptr<const Model> model, KvType kv, int64_t context,
                                                 int64_t max_rows) {
    const Decoder& decoder = model->decoder();
    Backend& backend = model->backend();
    std::vector<StateShape> shapes;
    int64_t scratch = 0;
    for (const auto& layer : decoder.layers) {
        shapes.push_back(layer->state());
        scratch = std::max(scratch, layer->scratch_floats(max_rows));
    }
    auto state = SequenceState::create(backend, shapes, kv, context);
    if (!state) return state.error();
    std::unique_ptr<Forward> forward(new Forward(std::move(model), std::move(*state), max_rows));
    for (const auto& [buffer, floats] : {std::pair(&forward->hidden_, max_rows * decoder.d_model),
                                         std::pair(&forward->normed_, decoder.d_model),
                                         std::pair(&forward->logits_, decoder.vocab_size),
                                         std::pair(&forward->working_, scratch)}) {
        auto allocated = backend.allocate(sizeof(float) * static_cast<size_t>(floats));
        if (!allocated) return allocated.error();
        *buffer = std::move(*allocated);
    }
    forward->scratch_.attach(forward->working_.floats(), scratch);
    return forward;
}

Result<void> Forward::run(std::span<const TokenId> tokens, Phase phase, const std::function<void()>& between_layers,
                          std::stop_token stop) {
    const Decoder& decoder = model_->decoder();
    Backend& backend = model_->backend();
    const auto count = static_cast<int64_t>(tokens.size());
    ENSURE(count >= 1 && count <= max_rows_, "a run of no or too many tokens");
    for (const TokenId id : tokens) ENSURE(id >= 0 && id < decoder.vocab_size, "a token outside the vocabulary");
    if (position() + count > context())
        return Error{ErrorKind::TooLarge,
                     fmt::format("The context of {} tokens is full; {} more do not fit.", context(), count)};
    backend.embed_rows({tokens.data(), decoder.embedding, hidden_.floats(), count, decoder.embedding_scale});
    for (size_t i = 0; i < decoder.layers.size(); ++i) {
        if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "The answer was stopped."};
        scratch_.reset();
        const LayerCall call{backend, scratch_, state_.layer(i), kv_type(), count, position(), phase};
        decoder.layers[i]->forward(call, hidden_.floats());
        if (between_layers) between_layers();
    }
    if (auto done = backend.synchronize(); !done) return done; // the state is as before
    state_.commit(count);
    return {};
}

void Forward::logits(int64_t row, std::span<float> logits, Phase phase) {
    const Decoder& decoder = model_->decoder();
    Backend& backend = model_->backend();
    ENSURE(row >= 0 && row < max_rows_ && int64_t(logits.size()) == decoder.vocab_size, "logits of a row of the run");
    const float* h = hidden_.floats() + row * decoder.d_model;
    backend.rms_norm({h, decoder.output_norm, normed_.floats(), 1, decoder.d_model, decoder.norm_eps});
    backend.linear({normed_.floats(), decoder.head, nullptr, logits_.floats(), 1, decoder.vocab_size, phase});
    backend.download(logits.data(), logits_.floats(), logits.size_bytes());
    if (decoder.logit_divisor != 1)
        for (float& value : logits) value /= decoder.logit_divisor;
}

} // namespace lectern

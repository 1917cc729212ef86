// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The forward pass of one sequence: a run of tokens through all layers, and logits of rows of the last run.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>

#include "engine/model/model.h"
#include "engine/state/sequence_state.h"

namespace lectern {

class Forward {
public:
    /// `max_rows`: the longest run. Errors: OutOfMemory.
    static Result<std::unique_ptr<Forward>> create(std::shared_ptr<const Model> model, KvType kv, int64_t context,
                                                   int64_t max_rows);

    /// Reads `tokens` (1..max_rows, each in the vocabulary) and commits them. `between_layers` is called after each layer.
    /// Errors: Cancelled (the state is as before), TooLarge (the context is full).
    Result<void> run(std::span<const TokenId> tokens, Phase phase, const std::function<void()>& between_layers,
                     std::stop_token stop);
    /// logits[vocab] of a row of the last run.
    void logits(int64_t row, std::span<float> logits, Phase phase);

    int64_t position() const { return state_.length(); }
    int64_t context() const { return state_.capacity(); }
    int64_t max_rows() const { return max_rows_; }
    const Model& model() const { return *model_; }
    KvType kv_type() const { return state_.kv_type(); }

private:
    Forward(std::shared_ptr<const Model> model, SequenceState state, int64_t max_rows)
        : model_(std::move(model)), state_(std::move(state)), max_rows_(max_rows) {}
    std::shared_ptr<const Model> model_;
    SequenceState state_;
    int64_t max_rows_;
    DeviceBuffer hidden_;  // [max_rows, d_model] the residual stream of the last run
    DeviceBuffer normed_;  // [d_model]
    DeviceBuffer logits_;  // [vocab]
    DeviceBuffer working_;
    Scratch scratch_;
};

} // namespace lectern

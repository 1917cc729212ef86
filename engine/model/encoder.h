// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// An encoder: token ids to one vector. Used for search, never for text.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/model/model.h"

namespace lectern {

class Encoder {
public:
    /// Errors: as Model::open; Unsupported for a model that is no encoder.
    static Result<std::unique_ptr<Encoder>> open(std::string_view model, const LoadOptions& options, std::stop_token stop);
    static Result<std::unique_ptr<Encoder>> create(const ModelFile& file, const LoadOptions& options);
    ~Encoder();

    int64_t dim() const;
    int64_t max_tokens() const; ///< positions there are, special tokens included
    const Tokenizer& tokenizer() const;
    /// Identifies the weights: vectors of two encoders with different hashes must not be compared.
    Hash128 weights_hash() const;

    /// out[i, dim] <- the mean over the last hidden states of sequence i, of length 1. Each sequence has 1..max_tokens
    /// ids, special tokens included. Errors: Cancelled (looked at per layer), OutOfMemory.
    Result<void> encode(std::span<const std::span<const TokenId>> sequences, std::span<float> out, std::stop_token stop);
    /// The last hidden states themselves: hidden[tokens, dim].
    Result<void> hidden(std::span<const TokenId> ids, std::span<float> hidden, std::stop_token stop);

    struct State; // the inside, for encoder.cpp

private:
    explicit Encoder(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace lectern

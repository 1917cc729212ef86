// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Retrieval's Embedder, made with the engine's encoder: texts to vectors of length 1.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "engine/model/encoder.h"
#include "retrieval/search/embedder.h"

namespace lectern {

class EncoderEmbedder : public Embedder {
public:
    static Result<std::unique_ptr<EncoderEmbedder>> open(const std::filesystem::path& file, int threads);
    int dim() const override;
    std::string id() const override;
    /// A text longer than the encoder's window is read in windows, and their vectors are averaged.
    Result<void> embed(std::span<const std::string_view> texts, std::span<float> out, std::stop_token stop) override;

private:
    EncoderEmbedder(std::unique_ptr<Encoder> encoder, std::string id) : encoder_(std::move(encoder)), id_(std::move(id)) {}
    std::mutex mutex_; // the encoder works for one caller at a time
    std::unique_ptr<Encoder> encoder_;
    std::string id_;
};

} // namespace lectern

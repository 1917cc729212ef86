// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/encoder_embedder.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace lectern {

// all-MiniLM was trained on texts of at most 256 tokens; longer windows give worse vectors.
constexpr int64_t kWindowTokens = 256;

Result<std::unique_ptr<EncoderEmbedder>> EncoderEmbedder::open(const std::filesystem::path& file, int threads) {
    LoadOptions load;
    load.threads = threads;
    auto encoder = Encoder::open(file.string(), load, {});
    if (!encoder) return encoder.error();
    std::string id = fmt::format("{}-{}", file.stem().string(), (*encoder)->weights_hash().hex());
    return std::unique_ptr<EncoderEmbedder>(new EncoderEmbedder(std::move(*encoder), std::move(id)));
}

int EncoderEmbedder::dim() const { return static_cast<int>(encoder_->dim()); }
std::string EncoderEmbedder::id() const { return id_; }

Result<void> EncoderEmbedder::embed(std::span<const std::string_view> texts, std::span<float> out, std::stop_token stop) {
    const std::lock_guard lock(mutex_);
    const auto width = static_cast<size_t>(encoder_->dim());
    const auto window = static_cast<size_t>(std::min(encoder_->max_tokens(), kWindowTokens) - 2); // less CLS and SEP
    std::vector<std::vector<TokenId>> parts;
    std::vector<size_t> text_of;   // of each part
    std::vector<double> weight_of; // its tokens
    for (size_t i = 0; i < texts.size(); ++i) {
        const std::vector<TokenId> ids = encoder_->tokenizer().encode(texts[i]);
        for (size_t begin = 0; begin == 0 || begin < ids.size(); begin += window) {
            const size_t end = std::min(ids.size(), begin + window);
            parts.push_back(encoder_->tokenizer().with_special({ids.begin() + ptrdiff_t(begin), ids.begin() + ptrdiff_t(end)}));
            text_of.push_back(i);
            weight_of.push_back(double(std::max<size_t>(1, end - begin)));
        }
    }
    const std::vector<std::span<const TokenId>> sequences(parts.begin(), parts.end());
    std::vector<float> vectors(parts.size() * width);
    if (auto done = encoder_->encode(sequences, vectors, stop); !done) return done;
    std::vector<double> sums(texts.size() * width, 0.0);
    for (size_t p = 0; p < parts.size(); ++p)
        for (size_t j = 0; j < width; ++j) sums[text_of[p] * width + j] += weight_of[p] * double(vectors[p * width + j]);
    for (size_t i = 0; i < texts.size(); ++i) {
        double squares = 0;
        for (size_t j = 0; j < width; ++j) squares += sums[i * width + j] * sums[i * width + j];
        const double norm = std::max(std::sqrt(squares), 1e-12);
        for (size_t j = 0; j < width; ++j) out[i * width + j] = float(sums[i * width + j] / norm);
    }
    return {};
}

} // namespace lectern

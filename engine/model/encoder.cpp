// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/encoder.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/model/checkpoint.h"

namespace lectern {
namespace {

struct Affine {
    Weight weight;
    const float* bias;
};
struct NormWeights {
    const float* weight;
    const float* bias;
};
struct EncoderBlock {
    Affine query, key, value, output;
    NormWeights attention_norm;
    Affine up, down;
    NormWeights output_norm;
};

} // namespace

struct Encoder::State {
    std::shared_ptr<Backend> backend;
    std::shared_ptr<const Tokenizer> tokenizer;
    std::vector<DeviceBuffer> buffers;
    std::vector<std::shared_ptr<const void>> owners;
    int64_t d_model = 0, heads = 0, width = 0, positions = 0, vocab = 0;
    float norm_eps = 0;
    Weight words;
    Weight position_table; // [positions, d_model]
    Weight type_table;
    NormWeights embedding_norm{};
    std::vector<EncoderBlock> blocks;
    Hash128 hash;
    DeviceBuffer memory; // scratch of the longest sequence so far
};

Encoder::Encoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Encoder::~Encoder() = default;
int64_t Encoder::dim() const { return state_->d_model; }
int64_t Encoder::max_tokens() const { return state_->positions; }
const Tokenizer& Encoder::tokenizer() const { return *state_->tokenizer; }
Hash128 Encoder::weights_hash() const { return state_->hash; }

Result<std::unique_ptr<Encoder>> Encoder::create(const ModelFile& file, const LoadOptions& options) {
    const std::string where = file.files.empty() ? "The model" : file.files.front().string();
    const std::string architecture(file.metadata.text("general.architecture").value_or(""));
    if (architecture != "bert")
        return Error{ErrorKind::Unsupported,
                     fmt::format("{} has the architecture \"{}\"; encoders are of the bert family.", where, architecture)};
    auto state = std::make_unique<State>();
    auto backend = make_backend(options.backend, options.threads);
    if (!backend) return backend.error();
    state->backend = *backend;
    auto tokenizer = Tokenizer::from_metadata(file.metadata);
    if (!tokenizer) return Error{tokenizer.error().kind, fmt::format("{}: {}", where, tokenizer.error().message)};
    state->tokenizer = *tokenizer;

    Hyperparameters h(file.metadata, architecture);
    State& s = *state;
    const int64_t blocks = h.integer("block_count", 1, 1024);
    s.d_model = h.integer("embedding_length", 1, 1 << 20);
    s.positions = h.integer("context_length", 1, 1 << 20);
    s.width = h.integer("feed_forward_length", 1, 1 << 24);
    s.heads = h.integer("attention.head_count", 1, 1 << 16);
    s.norm_eps = h.number("attention.layer_norm_epsilon");
    h.require(s.d_model % s.heads == 0, "the width is no multiple of the heads");
    if (h.error()) return Error{h.error()->kind, fmt::format("{}: {}", where, h.error()->message)};
    const Tensor* table = file.find("token_embd.weight");
    s.vocab = table ? static_cast<int64_t>(table->rows()) : 0;
    const Tensor* types = file.find("token_types.weight");

    WeightBinder w(file, *s.backend);
    const auto affine = [&](const std::string& name, int64_t rows, int64_t cols) {
        return Affine{w.matrix(name + ".weight", rows, cols), w.vector(name + ".bias", rows)};
    };
    const auto norm = [&](const std::string& name) {
        return NormWeights{w.vector(name + ".weight", s.d_model), w.vector(name + ".bias", s.d_model)};
    };
    s.words = w.matrix("token_embd.weight", s.vocab, s.d_model);
    s.position_table = w.matrix("position_embd.weight", s.positions, s.d_model);
    s.type_table = w.matrix("token_types.weight", types ? int64_t(types->rows()) : 2, s.d_model);
    s.embedding_norm = norm("token_embd_norm");
    for (int64_t i = 0; i < blocks; ++i) {
        const std::string block = fmt::format("blk.{}.", i);
        s.blocks.push_back({affine(block + "attn_q", s.d_model, s.d_model), affine(block + "attn_k", s.d_model, s.d_model),
                            affine(block + "attn_v", s.d_model, s.d_model),
                            affine(block + "attn_output", s.d_model, s.d_model), norm(block + "attn_output_norm"),
                            affine(block + "ffn_up", s.width, s.d_model), affine(block + "ffn_down", s.d_model, s.width),
                            norm(block + "layer_output_norm")});
    }
    if (w.error()) return Error{w.error()->kind, fmt::format("{}: {}", where, w.error()->message)};
    s.buffers = w.take_buffers();
    Hasher hasher;
    for (const Tensor& tensor : file.tensors()) {
        s.owners.push_back(tensor.owner);
        hasher.update(tensor.name);
        hasher.update(tensor.bytes);
    }
    s.hash = hasher.finish();
    return std::unique_ptr<Encoder>(new Encoder(std::move(state)));
}

Result<std::unique_ptr<Encoder>> Encoder::open(std::string_view name, const LoadOptions& options, std::stop_token stop) {
    const auto path = find_model(name, options.folders);
    if (!path) return path.error();
    auto file = open_checkpoint(*path);
    if (!file) return file.error();
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "Loading the encoder was cancelled."};
    return create(*file, options);
}

/// The last hidden states of sequences laid one after the other: x[tokens of all, d_model], in the scratch of `s`.
/// A row's bits do not depend on the other sequences.
static Result<float*> run(Encoder::State& s, std::span<const std::span<const TokenId>> sequences, std::stop_token stop) {
    std::vector<int32_t> ids, positions;
    for (const auto& sequence : sequences) {
        ENSURE(!sequence.empty() && int64_t(sequence.size()) <= s.positions, "a sequence of no or too many tokens");
        for (size_t i = 0; i < sequence.size(); ++i) {
            ENSURE(sequence[i] >= 0 && sequence[i] < s.vocab, "a token outside the vocabulary");
            ids.push_back(sequence[i]);
            positions.push_back(int32_t(i));
        }
    }
    const std::vector<int32_t> types(ids.size(), 0);
    const auto tokens = static_cast<int64_t>(ids.size());

    const int64_t plane = rounded_floats(tokens * s.d_model);
    const size_t bytes = sizeof(float) * size_t(6 * plane + rounded_floats(tokens * s.width));
    if (s.memory.bytes() < bytes) {
        auto fresh = s.backend->allocate(bytes);
        if (!fresh) return fresh.error();
        s.memory = std::move(*fresh);
    }
    Scratch scratch;
    scratch.attach(s.memory.floats(), int64_t(bytes / sizeof(float)));
    float* x = scratch.take(plane);
    float* q = scratch.take(plane);
    float* k = scratch.take(plane);
    float* v = scratch.take(plane);
    float* mixed = scratch.take(plane);
    float* y = scratch.take(plane);
    float* wide = scratch.take(tokens * s.width);

    Backend& backend = *s.backend;
    backend.embed_rows({ids.data(), s.words, x, tokens, 1});
    backend.embed_rows({positions.data(), s.position_table, y, tokens, 1});
    backend.add_scaled({x, y, tokens * s.d_model, 1});
    backend.embed_rows({types.data(), s.type_table, y, tokens, 1});
    const auto norm = [&](const float* residual, const NormWeights& n) {
        backend.layer_norm({x, residual, n.weight, n.bias, x, tokens, s.d_model, s.norm_eps});
    };
    const auto linear = [&](const float* from, const Affine& a, float* to) {
        backend.linear({from, a.weight, a.bias, to, tokens, a.weight.rows, Phase::Prefill});
    };
    norm(y, s.embedding_norm);
    for (const EncoderBlock& block : s.blocks) {
        if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "Embedding was cancelled."};
        linear(x, block.query, q);
        linear(x, block.key, k);
        linear(x, block.value, v);
        int64_t first = 0;
        for (const auto& sequence : sequences) {
            const int64_t at = first * s.d_model;
            backend.attention({.q = q + at,
                               .k = k + at,
                               .v = v + at,
                               .y = mixed + at,
                               .tokens = int64_t(sequence.size()),
                               .first_position = 0,
                               .heads = s.heads,
                               .kv_heads = s.heads,
                               .head_dim = s.d_model / s.heads,
                               .q_stride = s.d_model,
                               .window = 0,
                               .scale = 1.0f / std::sqrt(float(s.d_model / s.heads)),
                               .kv_type = KvType::F32,
                               .causal = false});
            first += int64_t(sequence.size());
        }
        linear(mixed, block.output, y);
        norm(y, block.attention_norm);
        linear(x, block.up, wide);
        backend.gelu({wide, tokens * s.width});
        linear(wide, block.down, y);
        norm(y, block.output_norm);
    }
    if (auto done = backend.synchronize(); !done) return done.error();
    return x;
}

Result<void> Encoder::hidden(std::span<const TokenId> ids, std::span<float> out, std::stop_token stop) {
    ENSURE(int64_t(out.size()) == int64_t(ids.size()) * dim(), "room for the hidden states");
    const auto x = run(*state_, {&ids, 1}, stop);
    if (!x) return x.error();
    state_->backend->download(out.data(), *x, out.size_bytes());
    return {};
}

Result<void> Encoder::encode(std::span<const std::span<const TokenId>> sequences, std::span<float> out,
                             std::stop_token stop) {
    // Weights are unpacked once a run: with 1,024 tokens that is a small share of the work, and a run still ends soon.
    constexpr size_t kRunTokens = 1024;
    const auto width = static_cast<size_t>(dim());
    ENSURE(out.size() == sequences.size() * width, "room for the vectors");
    std::vector<float> states;
    for (size_t begin = 0; begin < sequences.size();) {
        size_t end = begin, tokens = 0;
        while (end < sequences.size() && (end == begin || tokens + sequences[end].size() <= kRunTokens))
            tokens += sequences[end++].size();
        const auto x = run(*state_, sequences.subspan(begin, end - begin), stop);
        if (!x) return x.error();
        states.resize(tokens * width);
        state_->backend->download(states.data(), *x, states.size() * sizeof(float));
        const float* row = states.data();
        for (size_t i = begin; i < end; ++i) {
            std::vector<double> mean(width, 0.0);
            for (size_t t = 0; t < sequences[i].size(); ++t, row += width)
                for (size_t j = 0; j < width; ++j) mean[j] += row[j];
            double squares = 0;
            for (double& value : mean) {
                value /= double(sequences[i].size());
                squares += value * value;
            }
            const double norm = std::max(std::sqrt(squares), 1e-12);
            for (size_t j = 0; j < width; ++j) out[i * width + j] = float(mean[j] / norm);
        }
        begin = end;
    }
    return {};
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/cli/logits_command.h"

#include <algorithm>
#include <cstring>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/formats/safetensors.h"
#include "engine/model/checkpoint.h"
#include "engine/model/encoder.h"

namespace lectern::cli {
namespace {

struct LogitsOptions {
    CommonOptions common;
    std::string model, ids, out, positions;
    std::vector<int64_t> seams;
    int64_t chunk = SessionOptions{}.prefill_chunk, last = 0;
    int greedy = 0;
};

Tensor int64_tensor(std::string name, const std::vector<int64_t>& values) {
    auto owner = std::make_shared<std::vector<int64_t>>(values);
    return {std::move(name), TensorType::I64, {values.size()}, std::as_bytes(std::span(*owner)), owner};
}

/// Tensor "ids" [T] of a safetensors file. Errors: Damaged.
Result<std::vector<TokenId>> read_ids(const std::string& file, int64_t vocab) {
    const auto tensors = read_safetensors(file);
    if (!tensors) return tensors.error();
    for (const Tensor& tensor : *tensors) {
        if (tensor.name != "ids" || tensor.type != TensorType::I64) continue;
        std::vector<TokenId> ids;
        for (uint64_t i = 0; i < tensor.elements(); ++i) {
            int64_t id;
            std::memcpy(&id, tensor.bytes.data() + 8 * i, 8);
            if (id < 0 || id >= vocab)
                return Error{ErrorKind::Damaged, fmt::format("{}: the id {} is outside the vocabulary of {}.", file, id, vocab)};
            ids.push_back(TokenId(id));
        }
        if (ids.empty()) return Error{ErrorKind::Damaged, fmt::format("{}: the tensor \"ids\" is empty.", file)};
        return ids;
    }
    return Error{ErrorKind::Damaged, fmt::format("{} has no tensor \"ids\" of int64.", file)};
}

/// [first, last) of "A..B", of --last N, or all.
Result<std::pair<int64_t, int64_t>> wanted_positions(const LogitsOptions& o, int64_t total) {
    if (o.last > 0) return std::pair(std::max<int64_t>(0, total - o.last), total);
    if (o.positions.empty()) return std::pair<int64_t, int64_t>(0, total);
    long long a = -1, b = -1;
    if (std::sscanf(o.positions.c_str(), "%lld..%lld", &a, &b) != 2 || a < 0 || b <= a || b > total)
        return Error{ErrorKind::Unsupported,
                     fmt::format("--positions {} is not A..B with 0 <= A < B <= {}.", o.positions, total)};
    return std::pair<int64_t, int64_t>(a, b);
}

int encoder_logits(const LogitsOptions& o, const ModelFile& file, const LoadOptions& load) {
    const auto encoder = Encoder::create(file, load);
    if (!encoder) return fail(encoder.error(), o.common.json);
    const Tensor* table = file.find("token_embd.weight");
    const auto ids = read_ids(o.ids, table ? int64_t(table->rows()) : 0);
    if (!ids) return fail(ids.error(), o.common.json);
    if (int64_t(ids->size()) > (*encoder)->max_tokens())
        return fail({ErrorKind::TooLarge, fmt::format("{} ids; this encoder reads {}.", ids->size(), (*encoder)->max_tokens())}, o.common.json);
    const auto dim = uint64_t((*encoder)->dim());
    std::vector<float> hidden(ids->size() * dim), mean(dim);
    if (auto done = (*encoder)->hidden(*ids, hidden, interrupt_token()); !done) return fail(done.error(), o.common.json);
    const std::span<const TokenId> sequence(*ids);
    if (auto done = (*encoder)->encode({&sequence, 1}, mean, interrupt_token()); !done) return fail(done.error(), o.common.json);
    const std::vector<Tensor> out = {make_f32_tensor("hidden", {ids->size(), dim}, std::move(hidden)),
                                     make_f32_tensor("mean_l2", {dim}, std::move(mean))};
    if (auto written = write_safetensors(o.out, out); !written) return fail(written.error(), o.common.json);
    return kDone;
}

int logits_command(const LogitsOptions& o) {
    const auto path = find_model(o.model, o.common.model_folders());
    if (!path) return fail(path.error(), o.common.json);
    const auto file = open_checkpoint(*path);
    if (!file) return fail(file.error(), o.common.json);
    LoadOptions load;
    load.backend = o.common.backend;
    load.threads = o.common.threads;
    if (file->metadata.text("general.architecture") == "bert") return encoder_logits(o, *file, load);
    const auto model = Model::create(*file, load);
    if (!model) return fail(model.error(), o.common.json);
    const auto vocab = uint64_t((*model)->info().vocab_size);
    const auto ids = read_ids(o.ids, int64_t(vocab));
    if (!ids) return fail(ids.error(), o.common.json);
    const auto total = int64_t(ids->size());
    const auto range = wanted_positions(o, total);
    if (!range) return fail(range.error(), o.common.json);

    SessionOptions options;
    options.context = total + o.greedy + 1;
    options.kv = o.common.kv_type();
    options.prefill_chunk = o.chunk;
    const auto session = Session::create(*model, options);
    if (!session) return fail(session.error(), o.common.json);
    std::vector<float> logits;
    std::vector<int64_t> positions;
    const LogitRequest request{[&](int64_t p) { return p >= range->first && p < range->second; },
                               [&](int64_t p, std::span<const float> row) {
                                   positions.push_back(p);
                                   logits.insert(logits.end(), row.begin(), row.end());
                               }};
    std::vector<int64_t> cuts = o.seams;
    cuts.push_back(total);
    std::sort(cuts.begin(), cuts.end());
    int64_t from = 0;
    for (const int64_t cut : cuts) {
        if (cut <= from || cut > total) continue;
        const auto part = std::span(*ids).subspan(size_t(from), size_t(cut - from));
        if (auto done = (*session)->prefill(part, {}, interrupt_token(), &request); !done) return fail(done.error(), o.common.json);
        from = cut;
    }
    std::vector<Tensor> out = {make_f32_tensor("logits", {positions.size(), vocab}, std::move(logits)),
                               int64_tensor("positions", positions)};
    if (o.greedy > 0) {
        std::vector<int64_t> greedy;
        std::vector<float> steps, row(vocab);
        (*session)->last_logits(row);
        for (int i = 0; i < o.greedy; ++i) {
            steps.insert(steps.end(), row.begin(), row.end());
            greedy.push_back(std::max_element(row.begin(), row.end()) - row.begin());
            if (auto done = (*session)->step(TokenId(greedy.back()), row, interrupt_token()); !done) return fail(done.error(), o.common.json);
        }
        out.push_back(int64_tensor("greedy", greedy));
        out.push_back(make_f32_tensor("step_logits", {uint64_t(o.greedy), vocab}, std::move(steps)));
    }
    if (auto written = write_safetensors(o.out, out); !written) return fail(written.error(), o.common.json);
    if (o.common.json)
        std::printf("%s\n", nlohmann::json({{"positions", positions.size()}, {"arithmetic", (*model)->backend().arithmetic()}}).dump().c_str());
    return kDone;
}

} // namespace

void add_logits_command(CLI::App& model, Action& action) {
    static LogitsOptions o;
    CLI::App* c = model.add_subcommand("logits", "Logits of given token ids, to a safetensors file");
    c->add_option("MODEL", o.model)->required();
    c->add_option("--ids", o.ids, "safetensors file with the tensor ids [T] int64")->required();
    c->add_option("--out", o.out, "safetensors file to write")->required();
    c->add_option("--chunk", o.chunk, "Tokens a prefill call; below 256 a test mode")->check(CLI::PositiveNumber);
    c->add_option("--seam", o.seams, "Cut prefill at this position; may be repeated");
    c->add_option("--greedy", o.greedy, "Decode so many tokens afterwards")->check(CLI::NonNegativeNumber);
    auto* last = c->add_option("--last", o.last, "Only the last N positions")->check(CLI::PositiveNumber);
    c->add_option("--positions", o.positions, "Only positions A..B, B not included")->excludes(last);
    add_json_option(*c, o.common);
    add_model_options(*c, o.common);
    c->callback([&action] { action = [] { return logits_command(o); }; });
}

} // namespace lectern::cli

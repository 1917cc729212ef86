// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/model.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/model/checkpoint.h"

namespace lectern {

Model::~Model() = default;

ModelInfo describe(const ModelFile& file) {
    ModelInfo info;
    info.architecture = std::string(file.metadata.text("general.architecture").value_or(""));
    info.name = std::string(file.metadata.text("general.name").value_or(info.architecture));
    if (!file.files.empty()) info.path = file.files.front();
    const auto key = [&](std::string_view name) { return fmt::format("{}.{}", info.architecture, name); };
    info.blocks = file.metadata.integer(key("block_count")).value_or(0);
    info.d_model = file.metadata.integer(key("embedding_length")).value_or(0);
    info.vocab_size = file.metadata.integer(key("vocab_size")).value_or(0);
    info.chat_template = std::string(file.metadata.text("tokenizer.chat_template").value_or(""));
    // GGUF converters write 2^20 for models without positions; that is no length anybody trained at.
    constexpr int64_t kNoContext = 1 << 20;
    if (const auto trained = file.metadata.integer("lectern.trained_context")) info.trained_context = trained;
    else if (const auto context = file.metadata.integer(key("context_length")); context && *context != kNoContext)
        info.trained_context = context;
    for (const Tensor& tensor : file.tensors()) {
        if (tensor.name.ends_with(".attn_q.weight")) ++info.attention_layers;
        info.parameters += static_cast<int64_t>(tensor.elements());
        info.types[std::string(lectern::info(tensor.type).name)] += tensor.elements();
        info.weight_bytes += tensor.bytes.size();
    }
    return info;
}

Result<std::shared_ptr<const Model>> Model::create(const ModelFile& file, const LoadOptions& options) {
    auto backend = make_backend(options.backend, options.threads);
    if (!backend) return backend.error();
    const std::string architecture(file.metadata.text("general.architecture").value_or(""));
    const Family* family = family_of_architecture(architecture);
    const std::string where = file.files.empty() ? "The model" : file.files.front().string();
    if (!family)
        return Error{ErrorKind::Unsupported, fmt::format("{} has the architecture \"{}\", which this program does not "
                                                         "run; it runs {}.",
                                                         where, architecture, known_architectures())};
    if (!family->build)
        return Error{ErrorKind::Unsupported, fmt::format("{} is an encoder; it cannot write text.", where)};

    std::shared_ptr<Model> model(new Model);
    model->backend_ = *backend;
    model->info_ = describe(file);
    Metadata metadata = file.metadata;
    const std::string vocab_key = architecture + ".vocab_size";
    if (!metadata.contains(vocab_key)) { // old files: as many as the table has rows
        const Tensor* table = file.find("token_embd.weight");
        if (table) metadata.set(vocab_key, static_cast<int64_t>(table->rows()));
    }
    Hyperparameters hyperparameters(metadata, architecture);
    WeightBinder weights(file, *model->backend_);
    model->decoder_ = family->build(hyperparameters, weights);
    for (const auto& error : {hyperparameters.error(), weights.error()})
        if (error) return Error{error->kind, fmt::format("{}: {}", where, error->message)};
    // After the numbers were checked: a vocabulary may take its size from them.
    auto tokenizer = Tokenizer::from_metadata(metadata);
    if (!tokenizer) return Error{tokenizer.error().kind, fmt::format("{}: {}", where, tokenizer.error().message)};
    model->tokenizer_ = *tokenizer;
    model->info_.vocab_size = model->decoder_.vocab_size;
    model->info_.weight_bytes = weights.bytes();
    model->buffers_ = weights.take_buffers();
    for (const Tensor& tensor : file.tensors()) model->owners_.push_back(tensor.owner);
    for (const Tensor& tensor : file.tensors())
        if (tensor.name.ends_with(".attn_k.weight") && tensor.type == TensorType::F32) model->kv_type_ = KvType::F32;
    return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>> Model::open(std::string_view name, const LoadOptions& options, std::stop_token stop) {
    const auto start = std::chrono::steady_clock::now();
    const auto path = find_model(name, options.folders);
    if (!path) return path.error();
    auto file = open_checkpoint(*path);
    if (!file) return file.error();
    if (stop.stop_requested()) return Error{ErrorKind::Cancelled, "Loading the model was cancelled."};
    auto model = create(*file, options);
    if (model)
        log("engine").info(fmt::format("loaded {} ({}, {} tensors) on {} in {} ms", (*model)->info().name,
                                       (*model)->info().architecture, file->tensors().size(),
                                       (*model)->backend().arithmetic(),
                                       std::chrono::duration_cast<std::chrono::milliseconds>(
                                           std::chrono::steady_clock::now() - start)
                                           .count()));
    return model;
}

MemoryPlan Model::plan(uint64_t context, KvType kv, int64_t prefill_chunk) const {
    MemoryPlan plan;
    plan.weights = info_.weight_bytes;
    int64_t scratch = 0;
    for (const auto& layer : decoder_.layers) {
        const StateShape shape = layer->state();
        plan.state += 2 * 4 * static_cast<uint64_t>(shape.conv_floats + shape.ssm_floats); // two slots
        plan.kv += 2 * context * static_cast<uint64_t>(shape.kv_width) * kv_bytes(kv);
        scratch = std::max(scratch, layer->scratch_floats(prefill_chunk));
    }
    plan.scratch = 4 * static_cast<uint64_t>(scratch + prefill_chunk * decoder_.d_model + decoder_.vocab_size);
    return plan;
}

} // namespace lectern

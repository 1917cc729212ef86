// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A language model, ready to run on one backend: its layers with their weights bound, its tokenizer, its template.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/model/family.h"
#include "engine/tokenizer/tokenizer.h"

namespace lectern {

struct LoadOptions {
    std::string backend = "cpu";
    int threads = 0;                                ///< 0: one a core
    std::vector<std::filesystem::path> folders;     ///< where names are looked up
};

struct ModelInfo {
    std::string name;
    std::string architecture; ///< general.architecture
    std::filesystem::path path;
    int64_t blocks = 0;       ///< layers as the publisher counts them
    int64_t attention_layers = 0;
    int64_t parameters = 0;
    int64_t d_model = 0;
    int64_t vocab_size = 0;
    std::optional<int64_t> trained_context; ///< null: the file does not say
    std::map<std::string, uint64_t> types;  ///< weights by stored type
    uint64_t weight_bytes = 0;
    std::string chat_template;              ///< Jinja source; empty if there is none

    /// The trained context, or what is assumed where the file does not say.
    int64_t context() const { return trained_context.value_or(8192); }
};

/// What a session of `context` tokens needs, in bytes.
struct MemoryPlan {
    uint64_t weights = 0;
    uint64_t state = 0; ///< conv windows and state matrices, constant
    uint64_t kv = 0;    ///< keys and values of `context` tokens
    uint64_t scratch = 0;
    uint64_t total() const { return weights + state + kv + scratch; }
};

class Model {
public:
    /// `model` is a path or a name. Errors: NotFound, NoPermission, Damaged, Unsupported, OutOfMemory, Cancelled.
    static Result<std::shared_ptr<const Model>> open(std::string_view model, const LoadOptions& options, std::stop_token stop);
    /// From a checkpoint already read.
    static Result<std::shared_ptr<const Model>> create(const ModelFile& file, const LoadOptions& options);
    ~Model();

    const ModelInfo& info() const { return info_; }
    const Decoder& decoder() const { return decoder_; }
    const std::shared_ptr<const Tokenizer>& tokenizer() const { return tokenizer_; }
    Backend& backend() const { return *backend_; }
    /// float32 where the attention weights are, else bfloat16: the same on every backend.
    KvType default_kv_type() const { return kv_type_; }
    MemoryPlan plan(uint64_t context, KvType kv, int64_t prefill_chunk) const;

private:
    Model() = default;
    std::shared_ptr<Backend> backend_; // first: the buffers below are its memory
    ModelInfo info_;
    std::vector<DeviceBuffer> buffers_;
    std::vector<std::shared_ptr<const void>> owners_; // mapped files that weights point into
    Decoder decoder_;
    std::shared_ptr<const Tokenizer> tokenizer_;
    KvType kv_type_ = KvType::Bf16;
};

/// "starter 46.6M granitehybrid"; and what can be told about any checkpoint, encoders too.
ModelInfo describe(const ModelFile& file);

} // namespace lectern

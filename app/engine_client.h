// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The one way app reaches the engine. Calls and events are plain values, so that the engine can move to a child process.
/// One thread owns the model and its sessions; calls wait for their turn on the caller's (worker) thread.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "app/answer/prompt_builder.h"
#include "engine/base/error.h"
#include "engine/generate/session.h"
#include "engine/model/model.h"

namespace lectern {

struct EngineOptions {
    std::string model = "starter";
    std::string backend = "cpu";
    int threads = 0;
    std::vector<std::filesystem::path> model_folders;
    std::filesystem::path resources;
    std::optional<KvType> kv;
};

/// A model with what is needed to ask it.
struct LoadedModel {
    std::shared_ptr<const Model> model;
    PromptBuilder prompts;
    int64_t context = 0; ///< tokens: the trained length, or what is assumed where the file does not say
};

struct GenerateRequest {
    Prompt prompt;
    SamplerOptions sampling;
};

struct GenerateEvents {
    std::function<void(int64_t done, int64_t total)> reading; ///< tokens of the prompt
    std::function<void(std::string_view text)> text;          ///< whole characters
};

struct GenerateResult {
    int64_t prompt_tokens = 0, read_tokens = 0, output_tokens = 0;
    double first_token_ms = 0, tokens_per_s = 0;
    StopReason reason = StopReason::EndToken;
    std::vector<TokenId> tokens; ///< all that was read and written, in order
};

class EngineClient {
public:
    explicit EngineClient(EngineOptions options);
    ~EngineClient();

    /// Loads the model at the first call; later calls give the same one. Errors: as Model::open.
    Result<std::shared_ptr<const LoadedModel>> load(std::stop_token stop);
    /// Another model from the next call on.
    void choose_model(std::string model);
    const EngineOptions& options() const;

    /// Reads the prompt and writes the answer; events come on the engine's thread. Errors: Cancelled, TooLarge, ….
    Result<GenerateResult> generate(const GenerateRequest& request, const GenerateEvents& events, std::stop_token stop);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// A session: one sequence of one model on one device. The engine's thread owns it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/generate/forward.h"
#include "engine/generate/sampler.h"

namespace lectern {

/// Prefill runs on an absolute grid of this many tokens; the chunk is a multiple of it.
constexpr int64_t kGrid = 256;

struct SessionOptions {
    int64_t context = 0;          ///< 0: the trained context, or 8,192 where the file does not say
    std::optional<KvType> kv;     ///< none: the model's
    int64_t prefill_chunk = 512;  ///< a multiple of kGrid; smaller values are a test mode in which the chunk is the grid
};

struct Range {
    int64_t begin = 0;
    int64_t end = 0;
    bool operator==(const Range&) const = default;
};

/// What a session has read, exactly as it was lived.
struct History {
    std::vector<TokenId> tokens;
    std::vector<uint64_t> seams; ///< positions at which a prefill ended
    std::vector<Range> decoded;  ///< spans made by decode
};

enum class StopReason { EndToken, StopString, MaxTokens, ContextFull };

/// Called at each layer of a prefill and at each decoded token: (tokens done, tokens in all) of the running call.
using Yield = std::function<void(int64_t done, int64_t total)>;
/// A token and the text that became final with it.
using TokenSink = std::function<void(TokenId id, std::string_view text)>;

/// Rows whose logits a prefill shall give out.
struct LogitRequest {
    std::function<bool(int64_t position)> wanted;
    std::function<void(int64_t position, std::span<const float> logits)> take;
};

class Session {
public:
    /// Errors: OutOfMemory, TooLarge (a context beyond 2^31), Unsupported (a chunk that is no multiple of the grid).
    static Result<std::unique_ptr<Session>> create(std::shared_ptr<const Model> model, const SessionOptions& options);

    /// Reads tokens; their end is a seam. Errors: Cancelled (what whole chunks were read stays), TooLarge.
    Result<void> prefill(std::span<const TokenId> tokens, const Yield& yield, std::stop_token stop,
                         const LogitRequest* request = nullptr);
    /// Writes tokens until one ends the text, a stop string comes or a limit is reached. The token that ended it belongs
    /// to the history and is read first by the next prefill. Errors: Cancelled (what was written stays).
    Result<StopReason> decode(const SamplerOptions& options, const TokenSink& sink, const Yield& yield, std::stop_token stop);

    /// One step of decode with a token of the caller's choice; logits [vocab] of what would follow.
    Result<void> step(TokenId token, std::span<float> logits, std::stop_token stop);
    /// Logits [vocab] after the last token read; there must be one.
    void last_logits(std::span<float> logits);

    const History& history() const { return history_; }
    const Model& model() const { return forward_->model(); }
    int64_t context() const { return forward_->context(); }

private:
    Session(std::unique_ptr<Forward> forward, int64_t chunk) : forward_(std::move(forward)), chunk_(chunk) {}
    std::unique_ptr<Forward> forward_;
    int64_t chunk_;
    History history_;
    std::optional<TokenId> pending_; // ended the last answer, not yet read
    int64_t last_row_ = -1;          // of the last run
    Phase last_phase_ = Phase::Prefill;
};

} // namespace lectern

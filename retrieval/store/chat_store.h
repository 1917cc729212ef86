// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Chats: what was asked and answered, over which documents, with the model's own history and the places cited.
///
/// Thread safe. When a document is removed, the quotes from it and the tokens of the chats that had it before the model
/// are erased with it; questions and answers are the user's own and stay.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "retrieval/store/database.h"
#include "retrieval/store/ids.h"

namespace lectern {

struct Citation {
    int number = 0;                     ///< as shown: within the chat, from 1
    int mark = 0;                       ///< [n] as the model wrote it; 0 where the checker found it
    std::optional<DocumentId> document; ///< none: removed since
    int revision = 1;
    std::string name; ///< of the document, for when it is gone
    ChunkId chunk{};
    uint64_t start = 0, end = 0; ///< bytes of the canonical text
    int page = 0;
    std::string page_label;
    std::string quote;
    bool operator==(const Citation&) const = default;
};

struct Turn {
    TurnId id{};     ///< given by add_turn()
    int ordinal = 0; ///< within the chat, from 1; given by add_turn()
    std::string question, answer;
    std::string model, mode;                     ///< mode: document | passages
    std::optional<std::vector<uint32_t>> tokens; ///< this turn's part of the history; none: erased with a document
    std::string extra = "{}";                    ///< JSON, the caller's own: seams, spans made by decode, verdicts
    int64_t created_ms = 0;                      ///< given by add_turn()
    std::vector<DocumentId> documents;           ///< whose text stood before the model in this turn
    std::vector<Citation> citations;
    bool operator==(const Turn&) const = default;
};

struct Chat {
    ChatId id{};
    std::string title;
    std::string date; ///< given to the prompt template, fixed for the chat
    int64_t created_ms = 0;
    std::vector<DocumentId> documents; ///< the scope; empty: the whole library
    int turns = 0;
};

class ChatStore {
public:
    explicit ChatStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<ChatId> create(const std::string& title, const std::string& date, std::span<const DocumentId> scope);
    Result<void> rename(ChatId chat, const std::string& title);
    Result<void> remove(ChatId chat);
    /// Stores the turn with its citations in one transaction. Errors: NotFound (the chat is gone, or a document is).
    Result<TurnId> add_turn(ChatId chat, const Turn& turn);

    Result<std::vector<Chat>> list() const; ///< newest first
    Result<std::optional<Chat>> chat(ChatId chat) const;
    Result<std::vector<Turn>> turns(ChatId chat) const;

private:
    std::shared_ptr<Database> database_;
};

} // namespace lectern

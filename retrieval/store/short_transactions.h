// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Inside store: long work cut into transactions of at most 50 ms.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "retrieval/store/database.h"
#include "retrieval/store/sqlite.h"

namespace lectern {

constexpr auto kTransactionTime = std::chrono::milliseconds(40); // leaves ten for the commit

/// A run of transactions, each ended when its time is over, so that readers and other writers get their turn.
class ShortTransactions {
public:
    explicit ShortTransactions(Database& database) : database_(database) { begin(); }
    Connection& connection() { return **lease_; }
    /// Call between two items. Prepared statements stay usable: it is the same connection afterwards.
    /// True: others had their turn, and what was true before may be true no longer.
    bool breathe(const std::stop_token& stop) {
        if (std::chrono::steady_clock::now() - begun_ < kTransactionTime) return false;
        finish();
        throw_if_stopped(stop);
        begin();
        return true;
    }
    void finish() {
        transaction_->commit();
        transaction_.reset();
        lease_.reset();
    }

private:
    void begin() {
        lease_.emplace(database_.writer());
        transaction_.emplace(**lease_);
        begun_ = std::chrono::steady_clock::now();
    }
    Database& database_;
    std::optional<Database::WriteLease> lease_;
    std::optional<Transaction> transaction_; // after lease_: rolled back before the lock is given up
    std::chrono::steady_clock::time_point begun_;
};

} // namespace lectern

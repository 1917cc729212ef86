// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A lock that is had in the order in which it was asked for. With std::mutex a long add, which lets go for a moment
/// every 50 ms, would take the lock again before a waiting writer wakes up.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace lectern {

class TurnLock {
public:
    void lock() {
        std::unique_lock hold(mutex_);
        const uint64_t mine = next_++;
        turn_.wait(hold, [&] { return serving_ == mine; });
    }
    void unlock() {
        {
            const std::lock_guard hold(mutex_);
            ++serving_;
        }
        turn_.notify_all();
    }

private:
    std::mutex mutex_; // guards the numbers
    std::condition_variable turn_;
    uint64_t next_ = 0, serving_ = 0;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The engine's own threads: one pool, the caller works too. The split of the work never changes a result.
#pragma once

#include <functional>
#include <memory>

#include <cstdint>

namespace lectern {

class ThreadPool {
public:
    /// `threads` including the caller; 0: one a core.
    explicit ThreadPool(int threads);
    ~ThreadPool();
    int threads() const;

    /// Calls body(begin, end) for consecutive ranges that cover [0, count), each on one thread, and waits for all.
    /// Ranges are multiples of `grain` long, but for the last. Not reentrant; one caller at a time.
    void parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace lectern

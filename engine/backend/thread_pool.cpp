// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <immintrin.h>

namespace lectern {
namespace {

// A decode step hands out some hundred pieces of work of 20-200 us; going to sleep between them costs more than that.
constexpr int kSpinsBeforeSleep = 4000;

void wait_for_change(const std::atomic<uint64_t>& value, uint64_t old) {
    for (int i = 0; i < kSpinsBeforeSleep; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        _mm_pause();
    }
    value.wait(old, std::memory_order_acquire);
}

} // namespace

struct ThreadPool::State {
    std::atomic<uint64_t> round{0};   // raised when work is there, or when the pool ends
    std::atomic<uint64_t> finished{0}; // workers that are done with the round
    std::atomic<int64_t> next{0};     // first piece that nobody took
    int64_t pieces = 0, piece = 0, count = 0;
    const std::function<void(int64_t, int64_t)>* body = nullptr;
    bool ending = false;
    std::vector<std::thread> workers;

    void work() {
        for (int64_t p = next.fetch_add(1, std::memory_order_relaxed); p < pieces;
             p = next.fetch_add(1, std::memory_order_relaxed))
            (*body)(p * piece, std::min(count, (p + 1) * piece));
    }

    void run() {
        _mm_setcsr(_mm_getcsr() | 0x8040); // flush denormals: states of dead heads decay into them
        uint64_t seen = 0;
        for (;;) {
            wait_for_change(round, seen);
            seen = round.load(std::memory_order_acquire);
            if (ending) return;
            work();
            finished.fetch_add(1, std::memory_order_release);
        }
    }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
    if (threads <= 0) threads = std::max(1u, std::thread::hardware_concurrency());
    for (int i = 1; i < threads; ++i) state_->workers.emplace_back([state = state_.get()] { state->run(); });
}

ThreadPool::~ThreadPool() {
    state_->ending = true;
    state_->round.fetch_add(1, std::memory_order_release);
    state_->round.notify_all();
    for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const { return static_cast<int>(state_->workers.size()) + 1; }

void ThreadPool::parallel_for(int64_t count, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
    if (count <= 0) return;
    const unsigned csr = _mm_getcsr();
    _mm_setcsr(csr | 0x8040); // the caller computes like the workers
    State& s = *state_;
    // Four pieces a thread even out threads that another program holds up.
    const int64_t grains = (count + grain - 1) / grain;
    const int64_t wanted = std::min<int64_t>(grains, s.workers.empty() ? 1 : 4 * threads());
    if (wanted <= 1) {
        body(0, count);
    } else {
        s.piece = (grains + wanted - 1) / wanted * grain;
        s.pieces = (count + s.piece - 1) / s.piece;
        s.count = count;
        s.body = &body;
        s.next.store(0, std::memory_order_relaxed);
        s.finished.store(0, std::memory_order_relaxed);
        s.round.fetch_add(1, std::memory_order_release);
        s.round.notify_all();
        s.work();
        // The workers finish within microseconds, unless another program has their core: then it must not have to
        // wait for this one's.
        for (int spins = 0; s.finished.load(std::memory_order_acquire) < s.workers.size(); ++spins) {
            if (spins < kSpinsBeforeSleep) _mm_pause();
            else std::this_thread::yield();
        }
    }
    _mm_setcsr(csr);
}

} // namespace lectern

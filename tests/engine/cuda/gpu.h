// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// The GPU for tests: arrays to it and back. Without one a test says why and ends; ctest then counts it as skipped.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "engine/backend/backend.h"

namespace lectern {

/// Null where CUDA cannot be used; then the sentence was printed.
inline std::shared_ptr<Backend> gpu_or_skip() {
    static const std::shared_ptr<Backend> backend = []() -> std::shared_ptr<Backend> {
        auto made = make_backend("cuda");
        if (made) return *made;
        std::printf("skipped: %s\n", made.error().message.c_str());
        return nullptr;
    }();
    return backend;
}

/// Arrays of one test on the GPU, freed with it.
class Gpu {
public:
    Gpu() : backend_(gpu_or_skip()) {}
    explicit operator bool() const { return backend_ != nullptr; }
    Backend* operator->() const { return backend_.get(); }
    Backend& operator*() const { return *backend_; }

    template <class T>
    T* put(const std::vector<T>& values) {
        T* data = room<T>(values.size());
        backend_->upload(data, values.data(), values.size() * sizeof(T));
        return data;
    }
    /// Zeroed room for `count` numbers.
    template <class T = float>
    T* room(size_t count) {
        auto buffer = backend_->allocate(count * sizeof(T));
        REQUIRE(buffer);
        buffers_.push_back(std::move(*buffer));
        return static_cast<T*>(buffers_.back().data());
    }
    template <class T = float>
    std::vector<T> take(const T* data, size_t count) {
        std::vector<T> values(count);
        backend_->download(values.data(), data, count * sizeof(T));
        const auto done = backend_->synchronize();
        REQUIRE_MESSAGE(done, (done ? "" : done.error().message));
        return values;
    }

private:
    std::shared_ptr<Backend> backend_; // first: the buffers are its memory
    std::vector<DeviceBuffer> buffers_;
};

} // namespace lectern

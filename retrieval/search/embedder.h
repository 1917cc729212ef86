// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Turns texts into vectors. Made by app with the engine; retrieval only calls it.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace lectern {

/// Thread safe: a question is embedded while documents are.
class Embedder {
public:
    virtual ~Embedder() = default;
    virtual int dim() const = 0;
    /// Names the weights: vectors of two embedders with different ids are never compared.
    virtual std::string id() const = 0;
    /// `out` [texts, dim], L2-normalised. Errors: Cancelled, OutOfMemory, Device.
    virtual Result<void> embed(std::span<const std::string_view> texts, std::span<float> out, std::stop_token stop) = 0;
};

} // namespace lectern

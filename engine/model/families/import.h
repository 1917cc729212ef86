// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Helpers for translating Hugging Face checkpoints to GGUF's dialect.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/formats/model_file.h"

namespace lectern {

/// The tensors of a checkpoint by name, taken out one by one; what is left at the end was not understood.
class HfTensors {
public:
    /// Prefixes such as "model." are left as they are, except that one of `prefixes` is stripped from every name.
    HfTensors(std::vector<Tensor> tensors, std::initializer_list<std::string_view> prefixes = {});
    bool has(const std::string& name) const { return tensors_.contains(name); }
    /// Removes and returns the tensor; an empty one (and an error) if it is missing.
    Tensor take(const std::string& name);
    void drop(const std::string& name) { tensors_.erase(name); }
    /// Names that nobody took.
    std::vector<std::string> rest() const;
    const std::optional<Error>& error() const { return error_; }

private:
    std::unordered_map<std::string, Tensor> tensors_;
    std::optional<Error> error_;
};

Tensor renamed(Tensor tensor, std::string name);
/// The same bytes in another shape with as many elements.
Tensor reshaped(Tensor tensor, std::vector<uint64_t> shape);
/// Rows [begin, end) of the axis before the last, of every matrix of a [.., rows, cols] tensor.
Tensor row_range(const Tensor& tensor, uint64_t begin, uint64_t end, std::string name);
/// f of every number, as F32.
Tensor mapped(const Tensor& tensor, std::string name, const std::function<float(float)>& f);
/// Reorders rows within every head from halves (i, i + P/2) to neighbours (2i, 2i + 1), as GGUF stores queries and keys
/// of architectures that rotate neighbouring pairs.
Tensor rope_permuted(const Tensor& tensor, uint64_t heads, std::string name);

} // namespace lectern

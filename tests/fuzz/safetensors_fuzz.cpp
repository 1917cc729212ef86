// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// safetensors bytes: parse and convert every small tensor.

#include "engine/formats/safetensors.h"

using namespace lectern;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto tensors = parse_safetensors(std::as_bytes(std::span(data, size)), nullptr, "fuzz.safetensors");
    if (!tensors) {
        ENSURE(!tensors.error().message.empty(), "an error has a sentence");
        return 0;
    }
    for (const Tensor& tensor : *tensors)
        if (tensor.elements() < 1u << 16) ENSURE(to_f32(tensor).size() == tensor.elements(), "as many values as weights");
    return 0;
}

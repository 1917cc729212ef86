// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// GGUF bytes: parse, convert every small tensor, build the tokenizer and use it.

#include "engine/formats/gguf.h"
#include "engine/tokenizer/tokenizer.h"

using namespace lectern;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto model = parse_gguf(std::as_bytes(std::span(data, size)), nullptr, "fuzz.gguf");
    if (!model) {
        ENSURE(!model.error().message.empty(), "an error has a sentence");
        return 0;
    }
    for (const Tensor& tensor : model->tensors())
        if (tensor.elements() < 1u << 16) ENSURE(to_f32(tensor).size() == tensor.elements(), "as many values as weights");
    const auto tokenizer = Tokenizer::from_metadata(model->metadata);
    if (!tokenizer) return 0;
    const auto ids = (*tokenizer)->encode("Größe 12 <s>\n\xff [SEP]<|eos|>", true);
    detokenize(*tokenizer, (*tokenizer)->with_special(ids));
    return 0;
}

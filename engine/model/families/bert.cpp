// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// BERT encoders (all-MiniLM, bge): post-norm, bidirectional.
///
///     x = layer_norm(word[token] + position[t] + type[0])
///     for each block:  x = layer_norm(x + output(attention(x)));  x = layer_norm(x + down(gelu(up x)))
///
/// Source: Devlin et al. 2018, arXiv:1810.04805. GELU is the exact form (erf), as published.
#include "engine/model/families/families.h"

#include <fmt/format.h>

#include "engine/model/families/import.h"

namespace lectern {

Result<ModelFile> import_bert(const HfConfig& config, std::vector<Tensor> tensors) {
    HfTensors hf(std::move(tensors), {"bert."});
    ModelFile out;
    const auto set = [&](std::string_view key, Metadata::Value value) {
        out.metadata.set(fmt::format("bert.{}", key), std::move(value));
    };
    const auto integer = [&](std::string_view key, int64_t otherwise) { return config.integer(key).value_or(otherwise); };
    if (config.text("hidden_act").value_or("gelu") != "gelu")
        return Error{ErrorKind::Unsupported, "This BERT checkpoint uses another activation than gelu."};
    const int64_t blocks = integer("num_hidden_layers", 0);
    out.metadata.set("general.architecture", "bert");
    set("block_count", blocks);
    set("embedding_length", integer("hidden_size", 0));
    set("vocab_size", integer("vocab_size", 0));
    set("context_length", integer("max_position_embeddings", 512));
    set("feed_forward_length", integer("intermediate_size", 0));
    set("attention.head_count", integer("num_attention_heads", 1));
    set("attention.layer_norm_epsilon", config.number("layer_norm_eps").value_or(1e-12));
    set("attention.causal", false);
    set("pooling_type", int64_t{1}); // mean
    out.metadata.set("tokenizer.ggml.token_type_count", integer("type_vocab_size", 2));

    out.add(renamed(hf.take("embeddings.word_embeddings.weight"), "token_embd.weight"));
    out.add(renamed(hf.take("embeddings.position_embeddings.weight"), "position_embd.weight"));
    out.add(renamed(hf.take("embeddings.token_type_embeddings.weight"), "token_types.weight"));
    const auto both = [&](const std::string& from, const std::string& to) {
        out.add(renamed(hf.take(from + ".weight"), to + ".weight"));
        out.add(renamed(hf.take(from + ".bias"), to + ".bias"));
    };
    both("embeddings.LayerNorm", "token_embd_norm");
    for (int64_t i = 0; i < blocks; ++i) {
        const std::string from = fmt::format("encoder.layer.{}.", i), to = fmt::format("blk.{}.", i);
        both(from + "attention.self.query", to + "attn_q");
        both(from + "attention.self.key", to + "attn_k");
        both(from + "attention.self.value", to + "attn_v");
        both(from + "attention.output.dense", to + "attn_output");
        both(from + "attention.output.LayerNorm", to + "attn_output_norm");
        both(from + "intermediate.dense", to + "ffn_up");
        both(from + "output.dense", to + "ffn_down");
        both(from + "output.LayerNorm", to + "layer_output_norm");
    }
    if (hf.error()) return *hf.error();
    return out;
}

} // namespace lectern

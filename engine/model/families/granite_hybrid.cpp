// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Granite 4 H: Mamba-2 and attention layers, each followed by a dense or mixed feed-forward layer.
///
///     h = embedding_scale * embedding[token]
///     for each block:  h += residual_scale * (mamba2 | attention)(h)
///                      h += residual_scale * (mlp | shared mlp + experts)(h)
///     logits = head(rms_norm(h)) / logit_scale
///
/// Hugging Face `granitemoehybrid`, GGUF `granitehybrid`; positions are not encoded unless the file says so.
#include "engine/model/families/families.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/model/families/import.h"
#include "engine/model/layers/attention.h"
#include "engine/model/layers/mamba2.h"
#include "engine/model/layers/mlp.h"

namespace lectern {
namespace {

// GGUF converters write this for models without positions: it says nothing about the training.
constexpr int64_t kNoContext = 1 << 20;

struct Numbers {
    int64_t blocks, d_model, vocab, heads, experts, experts_used, mlp_width, expert_width;
    std::vector<int64_t> kv_heads; // 0: a Mamba-2 block
    int64_t head_dim, rotary_dim;
    float attention_scale, residual_scale, norm_eps, rope_base;
    bool rope;
    Mamba2::Shape mamba;
};

Numbers read_numbers(Hyperparameters& h) {
    Numbers n{};
    n.blocks = h.integer("block_count", 1, 1024);
    n.d_model = h.integer("embedding_length", 1, 1 << 20);
    n.vocab = h.integer("vocab_size", 1, 1 << 24);
    n.heads = h.integer("attention.head_count", 1, 1 << 16);
    n.kv_heads = h.per_layer("attention.head_count_kv", n.blocks, 0, 1 << 16, n.heads);
    n.head_dim = h.integer("attention.key_length", 1, 1 << 16, std::max<int64_t>(1, n.d_model / n.heads));
    n.norm_eps = h.number("attention.layer_norm_rms_epsilon");
    const float scale = h.number("attention.scale", 0.0f);
    n.attention_scale = scale != 0 ? scale : 1.0f / std::sqrt(float(n.head_dim));
    n.residual_scale = h.number("residual_scale", 1.0f);
    if (n.residual_scale == 0) n.residual_scale = 1;
    n.rope = h.boolean("rope.scaling.finetuned", true);
    n.rotary_dim = h.integer("rope.dimension_count", 0, 1 << 16, n.head_dim);
    n.rope_base = h.number("rope.freq_base", 10000.0f);
    n.experts = h.integer("expert_count", 0, 1 << 16, 0);
    n.experts_used = h.integer("expert_used_count", 0, 1 << 16, 0);
    n.expert_width = h.integer("feed_forward_length", 0, 1 << 24, 0);
    n.mlp_width = h.integer("expert_shared_feed_forward_length", 0, 1 << 24, 0);
    for (const int64_t kv : n.kv_heads) h.require(kv == 0 || n.heads % kv == 0, "query heads are no multiple of KV heads");
    h.require(n.experts_used <= n.experts, "more experts are used than there are");
    h.require(n.experts == 0 || n.experts_used > 0, "there are experts but none is used");
    h.require(!n.rope || (n.rotary_dim % 2 == 0 && n.rotary_dim <= n.head_dim), "the rotary dimension does not fit the head");
    h.require(n.norm_eps > 0, "the norms' epsilon is not positive");
    if (std::find(n.kv_heads.begin(), n.kv_heads.end(), 0) == n.kv_heads.end()) return n; // attention only

    const int64_t d_inner = h.integer("ssm.inner_size", 1, 1 << 24);
    Mamba2::Shape& m = n.mamba;
    m.d_model = n.d_model;
    m.heads = h.integer("ssm.time_step_rank", 1, 1 << 16);
    m.head_dim = std::max<int64_t>(1, d_inner / m.heads);
    m.d_state = h.integer("ssm.state_size", 1, 4096);
    m.groups = h.integer("ssm.group_count", 1, 1 << 16);
    m.conv_kernel = h.integer("ssm.conv_kernel", 2, 16);
    m.norm_groups = 1; // the published implementation averages over all of d_inner
    m.norm_eps = n.norm_eps;
    m.dt_min = 0;
    m.dt_max = std::numeric_limits<float>::infinity();
    m.residual_scale = n.residual_scale;
    m.norm_before_gate = false;
    h.require(m.heads * m.head_dim == d_inner, "ssm.inner_size is no multiple of the heads");
    h.require(m.heads % m.groups == 0, "the state space heads are no multiple of the groups");
    return n;
}

std::unique_ptr<Layer> mamba_layer(const Numbers& n, WeightBinder& w, const std::string& block) {
    const Mamba2::Shape& m = n.mamba;
    return std::make_unique<Mamba2>(m, Mamba2::Weights{
                                           .norm = w.vector(block + "attn_norm.weight", n.d_model),
                                           .in_proj = w.matrix(block + "ssm_in.weight", m.projection(), n.d_model),
                                           .conv = w.vector(block + "ssm_conv1d.weight", m.conv_dim() * m.conv_kernel),
                                           .conv_bias = w.optional_vector(block + "ssm_conv1d.bias", m.conv_dim()),
                                           .dt_bias = w.vector(block + "ssm_dt.bias", m.heads),
                                           .a = w.vector(block + "ssm_a", m.heads),
                                           .d = w.vector(block + "ssm_d", m.heads),
                                           .gated_norm = w.vector(block + "ssm_norm.weight", m.d_inner()),
                                           .out_proj = w.matrix(block + "ssm_out.weight", n.d_model, m.d_inner()),
                                       });
}

std::unique_ptr<Layer> attention_layer(const Numbers& n, WeightBinder& w, const std::string& block, int64_t kv_heads,
                                       const float* inv_freq) {
    const int64_t q = n.heads * n.head_dim, kv = kv_heads * n.head_dim;
    const Attention::Shape shape{.d_model = n.d_model,
                                 .heads = n.heads,
                                 .kv_heads = kv_heads,
                                 .head_dim = n.head_dim,
                                 .rotary_dim = inv_freq ? n.rotary_dim : 0,
                                 .rope_pairs = RopePairs::Neighbours,
                                 .scale = n.attention_scale,
                                 .norm_eps = n.norm_eps,
                                 .residual_scale = n.residual_scale};
    return std::make_unique<Attention>(shape, Attention::Weights{
                                                  .norm = w.vector(block + "attn_norm.weight", n.d_model),
                                                  .query = w.matrix(block + "attn_q.weight", q, n.d_model),
                                                  .key = w.matrix(block + "attn_k.weight", kv, n.d_model),
                                                  .value = w.matrix(block + "attn_v.weight", kv, n.d_model),
                                                  .output = w.matrix(block + "attn_output.weight", n.d_model, q),
                                                  .query_bias = w.optional_vector(block + "attn_q.bias", q),
                                                  .key_bias = w.optional_vector(block + "attn_k.bias", kv),
                                                  .value_bias = w.optional_vector(block + "attn_v.bias", kv),
                                                  .output_bias = w.optional_vector(block + "attn_output.bias", n.d_model),
                                                  .inv_freq = inv_freq,
                                              });
}

SwiGluWeights swiglu(WeightBinder& w, const std::string& block, std::string_view suffix, int64_t width, int64_t d_model) {
    return {.gate = w.matrix(fmt::format("{}ffn_gate{}.weight", block, suffix), width, d_model),
            .up = w.matrix(fmt::format("{}ffn_up{}.weight", block, suffix), width, d_model),
            .down = w.matrix(fmt::format("{}ffn_down{}.weight", block, suffix), d_model, width)};
}

std::unique_ptr<Layer> feed_forward_layer(const Numbers& n, WeightBinder& w, const std::string& block) {
    const float* norm = w.vector(block + "ffn_norm.weight", n.d_model);
    if (n.experts == 0) {
        const int64_t width = n.mlp_width > 0 ? n.mlp_width : n.expert_width;
        return std::make_unique<Mlp>(norm, n.norm_eps, n.residual_scale, swiglu(w, block, "", width, n.d_model));
    }
    const Moe::Weights weights{
        .norm = norm,
        .router = w.matrix(block + "ffn_gate_inp.weight", n.experts, n.d_model),
        .gate = w.experts(block + "ffn_gate_exps.weight", n.experts, n.expert_width, n.d_model),
        .up = w.experts(block + "ffn_up_exps.weight", n.experts, n.expert_width, n.d_model),
        .down = w.experts(block + "ffn_down_exps.weight", n.experts, n.d_model, n.expert_width),
        .shared = n.mlp_width > 0 ? swiglu(w, block, "_shexp", n.mlp_width, n.d_model) : SwiGluWeights{},
    };
    return std::make_unique<Moe>(n.experts_used, /*renormalise=*/true, n.norm_eps, n.residual_scale, weights);
}

std::vector<float> inverse_frequencies(float base, int64_t rotary_dim) {
    std::vector<float> inv_freq;
    for (int64_t i = 0; i < rotary_dim / 2; ++i)
        inv_freq.push_back(float(1.0 / std::pow(double(base), double(2 * i) / double(rotary_dim))));
    return inv_freq;
}

} // namespace

Decoder build_granite_hybrid(Hyperparameters& h, WeightBinder& w) {
    const Numbers n = read_numbers(h);
    Decoder model;
    if (h.error()) return model;
    model.d_model = n.d_model;
    model.vocab_size = n.vocab;
    model.blocks = n.blocks;
    model.encodes_positions = n.rope;
    model.embedding = w.matrix("token_embd.weight", n.vocab, n.d_model);
    model.embedding_scale = h.number("embedding_scale", 1.0f);
    const float* inv_freq = n.rope ? w.constant(inverse_frequencies(n.rope_base, n.rotary_dim)) : nullptr;
    for (int64_t i = 0; i < n.blocks; ++i) {
        const std::string block = fmt::format("blk.{}.", i);
        const int64_t kv_heads = n.kv_heads[size_t(i)];
        model.layers.push_back(kv_heads == 0 ? mamba_layer(n, w, block)
                                             : attention_layer(n, w, block, kv_heads, inv_freq));
        model.layers.push_back(feed_forward_layer(n, w, block));
    }
    model.output_norm = w.vector("output_norm.weight", n.d_model);
    model.norm_eps = n.norm_eps;
    model.head = w.has("output.weight") ? w.matrix("output.weight", n.vocab, n.d_model) : model.embedding;
    model.logit_divisor = h.number("logit_scale", 1.0f);
    if (model.logit_divisor == 0) model.logit_divisor = 1;
    if (model.embedding_scale == 0) model.embedding_scale = 1;
    return model;
}

Result<ModelFile> import_granite_hybrid(const HfConfig& config, std::vector<Tensor> tensors) {
    HfTensors hf(std::move(tensors), {"model."});
    ModelFile out;
    const std::string arch = "granitehybrid";
    const auto set = [&](std::string_view key, Metadata::Value value) {
        out.metadata.set(fmt::format("{}.{}", arch, key), std::move(value));
    };
    const auto integer = [&](std::string_view key, int64_t otherwise) { return config.integer(key).value_or(otherwise); };
    const std::vector<std::string> types = config.texts("layer_types");
    const int64_t blocks = integer("num_hidden_layers", int64_t(types.size()));
    if (int64_t(types.size()) != blocks || blocks < 1)
        return Error{ErrorKind::Damaged, "config.json: layer_types does not list num_hidden_layers layers."};
    const int64_t d_model = integer("hidden_size", 0), heads = integer("num_attention_heads", 1);
    const int64_t kv_heads = integer("num_key_value_heads", heads), experts = integer("num_local_experts", 0);
    const int64_t mamba_heads = integer("mamba_n_heads", 128), expand = integer("mamba_expand", 2);
    const int64_t head_dim = integer("mamba_d_head", expand * d_model / std::max<int64_t>(1, mamba_heads));
    const int64_t width = integer("shared_intermediate_size", 1024);
    const bool rope = config.text("position_embedding_type") == "rope";
    const int64_t attention_head_dim = integer("head_dim", d_model / std::max<int64_t>(1, heads));

    std::vector<int64_t> kv_by_layer;
    for (const std::string& type : types)
        kv_by_layer.push_back(type == "attention" || type == "full_attention" ? kv_heads : 0);
    out.metadata.set("general.architecture", arch);
    set("block_count", blocks);
    set("embedding_length", d_model);
    set("vocab_size", integer("vocab_size", 0));
    set("context_length", integer("max_position_embeddings", kNoContext));
    if (const auto trained = config.integer("max_position_embeddings"))
        out.metadata.set("lectern.trained_context", *trained);
    set("feed_forward_length", integer("intermediate_size", width));
    set("expert_shared_feed_forward_length", width);
    set("expert_count", experts);
    set("expert_used_count", integer("num_experts_per_tok", 0));
    set("attention.head_count", heads);
    set("attention.head_count_kv", kv_by_layer);
    if (attention_head_dim * heads != d_model) {
        set("attention.key_length", attention_head_dim);
        set("attention.value_length", attention_head_dim);
    }
    set("attention.layer_norm_rms_epsilon", config.number("rms_norm_eps").value_or(1e-6));
    set("attention.scale", config.number("attention_multiplier").value_or(1.0));
    set("embedding_scale", config.number("embedding_multiplier").value_or(1.0));
    set("residual_scale", config.number("residual_multiplier").value_or(1.0));
    set("logit_scale", config.number("logits_scaling").value_or(1.0));
    set("rope.scaling.finetuned", rope);
    set("rope.dimension_count", attention_head_dim);
    set("rope.freq_base", config.nested_number("rope_parameters", "rope_theta")
                              .value_or(config.number("rope_theta").value_or(10000.0)));
    set("ssm.conv_kernel", integer("mamba_d_conv", 4));
    set("ssm.inner_size", mamba_heads * head_dim);
    set("ssm.state_size", integer("mamba_d_state", 256));
    set("ssm.time_step_rank", mamba_heads);
    set("ssm.group_count", integer("mamba_n_groups", 1));

    out.add(renamed(hf.take("embed_tokens.weight"), "token_embd.weight"));
    for (int64_t i = 0; i < blocks; ++i) {
        const std::string from = fmt::format("layers.{}.", i), to = fmt::format("blk.{}.", i);
        const auto move = [&](std::string_view a, std::string_view b) {
            out.add(renamed(hf.take(from + std::string(a)), to + std::string(b)));
        };
        move("input_layernorm.weight", "attn_norm.weight");
        if (kv_by_layer[size_t(i)] == 0) {
            move("mamba.in_proj.weight", "ssm_in.weight");
            Tensor conv = hf.take(from + "mamba.conv1d.weight");
            if (conv.shape.size() == 3) conv = reshaped(conv, {conv.shape[0], conv.shape[2]});
            out.add(renamed(std::move(conv), to + "ssm_conv1d.weight"));
            if (hf.has(from + "mamba.conv1d.bias")) move("mamba.conv1d.bias", "ssm_conv1d.bias");
            move("mamba.dt_bias", "ssm_dt.bias");
            const auto as_column = [](Tensor tensor) { return reshaped(tensor, {tensor.elements(), 1}); };
            out.add(as_column(mapped(hf.take(from + "mamba.A_log"), to + "ssm_a", [](float x) { return -std::exp(x); })));
            out.add(as_column(renamed(hf.take(from + "mamba.D"), to + "ssm_d")));
            move("mamba.norm.weight", "ssm_norm.weight");
            move("mamba.out_proj.weight", "ssm_out.weight");
        } else {
            for (const auto& [name, count] : {std::pair("q", heads), std::pair("k", kv_heads)})
                for (const char* part : {"weight", "bias"}) {
                    const std::string source = fmt::format("{}self_attn.{}_proj.{}", from, name, part);
                    if (std::string_view(part) == "bias" && !hf.has(source)) continue;
                    out.add(rope_permuted(hf.take(source), uint64_t(count), fmt::format("{}attn_{}.{}", to, name, part)));
                }
            move("self_attn.v_proj.weight", "attn_v.weight");
            move("self_attn.o_proj.weight", "attn_output.weight");
            if (hf.has(from + "self_attn.v_proj.bias")) move("self_attn.v_proj.bias", "attn_v.bias");
            if (hf.has(from + "self_attn.o_proj.bias")) move("self_attn.o_proj.bias", "attn_output.bias");
        }
        move("post_attention_layernorm.weight", "ffn_norm.weight");
        // The first half of a fused input is the gate.
        const auto split = [&](const std::string& source, std::string_view suffix) {
            const Tensor fused = hf.take(source);
            const uint64_t rows = fused.shape.size() < 2 ? 0 : fused.shape[fused.shape.size() - 2];
            out.add(row_range(fused, 0, rows / 2, fmt::format("{}ffn_gate{}.weight", to, suffix)));
            out.add(row_range(fused, rows / 2, rows, fmt::format("{}ffn_up{}.weight", to, suffix)));
        };
        if (experts > 0) {
            move("block_sparse_moe.router.layer.weight", "ffn_gate_inp.weight");
            split(from + "block_sparse_moe.input_linear.weight", "_exps");
            move("block_sparse_moe.output_linear.weight", "ffn_down_exps.weight");
        }
        const std::string_view shared = experts > 0 ? "_shexp" : "";
        if (experts == 0 || hf.has(from + "shared_mlp.input_linear.weight")) {
            split(from + "shared_mlp.input_linear.weight", shared);
            move("shared_mlp.output_linear.weight", fmt::format("ffn_down{}.weight", shared));
        }
    }
    out.add(renamed(hf.take("norm.weight"), "output_norm.weight"));
    if (config.boolean("tie_word_embeddings").value_or(true)) hf.drop("lm_head.weight");
    else out.add(renamed(hf.take("lm_head.weight"), "output.weight"));
    if (hf.error()) return *hf.error();
    return out;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Reading and writing speed of a model with random weights in the shape of granite-4.0-h-micro or -tiny, on any backend:
/// cuda_bench micro|tiny f32|f16|bf16|q8_0 [backend] [prompt] [decode]. Prints one line.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "engine/formats/model_file.h"
#include "engine/generate/session.h"
#include "tests/support/random_floats.h"

using namespace lectern;

namespace {

struct Shape {
    int64_t d_model, ssm_heads, heads, kv_heads, head_dim, mlp, experts, used, expert_width;
};
constexpr int64_t kBlocks = 40, kVocab = 100352, kState = 128, kSsmHead = 64, kConv = 4;
constexpr Shape kMicro{2048, 64, 32, 8, 64, 8192, 0, 0, 8192};
constexpr Shape kTiny{1536, 48, 12, 4, 128, 1024, 64, 6, 512};

/// All matrices are views of one buffer: what they hold does not matter to the clock, as long as it is finite.
class Builder {
public:
    Builder(ModelFile& file, TensorType type) : file_(file), type_(type) {
        constexpr size_t kPeriod = size_t(1) << 20;
        const auto values = random_floats(kPeriod, 1, -0.02f, 0.02f);
        const size_t period = row_bytes(type, kPeriod);
        bytes_ = std::make_shared<std::vector<std::byte>>(row_bytes(type, uint64_t(kVocab) * 2048));
        if (!quantize_row(type, values.data(), bytes_->data(), kPeriod)) std::abort();
        for (size_t at = period; at < bytes_->size(); at += period)
            std::memcpy(bytes_->data() + at, bytes_->data(), std::min(period, bytes_->size() - at));
    }
    void matrix(std::string name, std::vector<uint64_t> shape) {
        uint64_t count = 1;
        for (const uint64_t d : shape) count *= d;
        file_.add({std::move(name), type_, std::move(shape), std::span(*bytes_).first(row_bytes(type_, count)), bytes_});
    }
    void vector(std::string name, std::vector<uint64_t> shape, float low, float high) {
        uint64_t count = 1;
        for (const uint64_t d : shape) count *= d;
        file_.add(make_f32_tensor(std::move(name), std::move(shape), random_floats(count, 2, low, high)));
    }

private:
    ModelFile& file_;
    TensorType type_;
    std::shared_ptr<std::vector<std::byte>> bytes_;
};

void add_block(Builder& b, const Shape& s, int64_t i, bool attention) {
    const auto u = [](int64_t n) { return uint64_t(n); };
    const auto name = [&](const char* part) { return fmt::format("blk.{}.{}", i, part); };
    const int64_t inner = s.ssm_heads * kSsmHead, conv = inner + 2 * kState, q = s.heads * s.head_dim;
    b.vector(name("attn_norm.weight"), {u(s.d_model)}, 0.9f, 1.1f);
    if (attention) {
        b.matrix(name("attn_q.weight"), {u(q), u(s.d_model)});
        b.matrix(name("attn_k.weight"), {u(s.kv_heads * s.head_dim), u(s.d_model)});
        b.matrix(name("attn_v.weight"), {u(s.kv_heads * s.head_dim), u(s.d_model)});
        b.matrix(name("attn_output.weight"), {u(s.d_model), u(q)});
    } else {
        b.matrix(name("ssm_in.weight"), {u(inner + conv + s.ssm_heads), u(s.d_model)});
        b.vector(name("ssm_conv1d.weight"), {u(conv), u(kConv)}, -0.5f, 0.5f);
        b.vector(name("ssm_conv1d.bias"), {u(conv)}, -0.1f, 0.1f);
        b.vector(name("ssm_dt.bias"), {u(s.ssm_heads)}, -4, -1);
        b.vector(name("ssm_a"), {u(s.ssm_heads), 1}, -8, -1);
        b.vector(name("ssm_d"), {u(s.ssm_heads), 1}, 0.5f, 1);
        b.vector(name("ssm_norm.weight"), {u(inner)}, 0.9f, 1.1f);
        b.matrix(name("ssm_out.weight"), {u(s.d_model), u(inner)});
    }
    b.vector(name("ffn_norm.weight"), {u(s.d_model)}, 0.9f, 1.1f);
    const char* suffix = s.experts > 0 ? "_shexp" : "";
    for (const char* part : {"gate", "up"}) b.matrix(name(fmt::format("ffn_{}{}.weight", part, suffix).c_str()), {u(s.mlp), u(s.d_model)});
    b.matrix(name(fmt::format("ffn_down{}.weight", suffix).c_str()), {u(s.d_model), u(s.mlp)});
    if (s.experts == 0) return;
    b.vector(name("ffn_gate_inp.weight"), {u(s.experts), u(s.d_model)}, -0.05f, 0.05f);
    for (const char* part : {"gate", "up"}) b.matrix(name(fmt::format("ffn_{}_exps.weight", part).c_str()), {u(s.experts), u(s.expert_width), u(s.d_model)});
    b.matrix(name("ffn_down_exps.weight"), {u(s.experts), u(s.d_model), u(s.expert_width)});
}

ModelFile random_model(const Shape& s, TensorType type) {
    ModelFile file;
    std::vector<int64_t> kv;
    for (int64_t i = 0; i < kBlocks; ++i) kv.push_back(i % 10 == 5 ? s.kv_heads : 0);
    file.metadata.set("general.architecture", std::string("granitehybrid"));
    const auto set = [&](const char* key, Metadata::Value value) { file.metadata.set(fmt::format("granitehybrid.{}", key), std::move(value)); };
    file.metadata.set("tokenizer.ggml.model", std::string("none"));
    set("block_count", kBlocks), set("embedding_length", s.d_model), set("vocab_size", kVocab);
    set("context_length", int64_t(131072)), set("attention.head_count", s.heads), set("attention.head_count_kv", kv);
    set("attention.key_length", s.head_dim), set("attention.layer_norm_rms_epsilon", 1e-5);
    set("rope.scaling.finetuned", false), set("residual_scale", 0.22), set("logit_scale", 8.0);
    set("feed_forward_length", s.expert_width), set("expert_shared_feed_forward_length", s.mlp);
    set("expert_count", s.experts), set("expert_used_count", s.used);
    set("ssm.conv_kernel", kConv), set("ssm.inner_size", s.ssm_heads * kSsmHead), set("ssm.state_size", kState);
    set("ssm.time_step_rank", s.ssm_heads), set("ssm.group_count", int64_t(1));
    Builder builder(file, type);
    builder.matrix("token_embd.weight", {uint64_t(kVocab), uint64_t(s.d_model)});
    for (int64_t i = 0; i < kBlocks; ++i) add_block(builder, s, i, kv[size_t(i)] > 0);
    builder.vector("output_norm.weight", {uint64_t(s.d_model)}, 0.9f, 1.1f);
    return file;
}

double ms_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

int fail(const std::string& message) {
    std::fprintf(stderr, "cuda_bench: %s\n", message.c_str());
    return 1;
}

} // namespace

int main(int count, char** arguments) {
    const std::string_view shape = count > 1 ? arguments[1] : "", type_name = count > 2 ? arguments[2] : "";
    const auto type = tensor_type_from_name(type_name);
    if (!type || (shape != "micro" && shape != "tiny"))
        return fail("usage: cuda_bench micro|tiny f32|f16|bf16|q8_0 [backend] [prompt] [decode]");
    LoadOptions options;
    options.backend = count > 3 ? arguments[3] : "cuda";
    const int64_t prompt = count > 4 ? std::atoll(arguments[4]) : 4096, steps = count > 5 ? std::atoll(arguments[5]) : 64;
    if (prompt < 1 || steps < 1) return fail("prompt and decode are numbers of tokens");

    auto start = std::chrono::steady_clock::now();
    const auto model = Model::create(random_model(shape == "micro" ? kMicro : kTiny, *type), options);
    if (!model) return fail(model.error().message);
    const double load_ms = ms_since(start);
    const auto session = Session::create(*model, {.context = prompt + steps + 64, .prefill_chunk = 1024});
    if (!session) return fail(session.error().message);
    std::vector<TokenId> ids;
    for (int64_t i = 0; i < prompt; ++i) ids.push_back(TokenId(i * 7919 % kVocab));
    std::vector<float> logits(kVocab);
    start = std::chrono::steady_clock::now();
    if (const auto read = (*session)->prefill(ids, {}, {}); !read) return fail(read.error().message);
    (*session)->last_logits(logits);
    const double prefill_ms = ms_since(start);
    for (int warm = 0; warm < 4; ++warm)
        if (const auto step = (*session)->step(11, logits, {}); !step) return fail(step.error().message);
    start = std::chrono::steady_clock::now();
    for (int64_t i = 0; i < steps; ++i)
        if (const auto step = (*session)->step(TokenId(i), logits, {}); !step) return fail(step.error().message);
    const double step_ms = ms_since(start) / double(steps);
    const double gb = double((*model)->info().weight_bytes) / 1e9;
    fmt::print("{} {} on {}: {:.2f} GB, load {:.0f} ms, prefill of {} {:.0f} tokens/s, decode {:.1f} tokens/s ({:.2f} ms)\n",
               shape, type_name, (*model)->backend().arithmetic(), gb, load_ms, prompt, 1000 * double(prompt) / prefill_ms,
               1000 / step_ms, step_ms);
    return 0;
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// lectern-cli model info|tokenize|detokenize|render|convert; logits is in logits_command.cpp.
#include <cstdio>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/logits_command.h"
#include "engine/base/file.h"
#include "engine/base/utf8.h"
#include "engine/formats/gguf.h"
#include "engine/model/checkpoint.h"
#include "engine/tokenizer/chat_template.h"

namespace lectern::cli {
namespace {

using Json = nlohmann::ordered_json;

void print(const Json& json) {
    std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

Result<ModelFile> open_named(const std::string& model, const CommonOptions& common) {
    const auto path = find_model(model, common.model_folders());
    if (!path) return path.error();
    return open_checkpoint(*path);
}

struct InfoOptions {
    CommonOptions common;
    std::string model;
    uint64_t context = 0;
};

int info_command(const InfoOptions& o) {
    const auto file = open_named(o.model, o.common);
    if (!file) return fail(file.error(), o.common.json);
    const ModelInfo model = describe(*file);
    MemoryPlan plan;
    plan.weights = model.weight_bytes;
    const uint64_t context = o.context ? o.context : uint64_t(model.context());
    const Family* family = family_of_architecture(model.architecture);
    if (!family)
        return fail({ErrorKind::Unsupported, fmt::format("{} has the architecture \"{}\", which this program does not run; it runs {}.",
                                                         o.model, model.architecture, known_architectures())},
                    o.common.json);
    if (family->build) {
        LoadOptions load;
        load.backend = o.common.backend;
        load.threads = 1;
        const auto loaded = Model::create(*file, load);
        if (!loaded) return fail(loaded.error(), o.common.json);
        plan = (*loaded)->plan(context, o.common.kv_type().value_or((*loaded)->default_kv_type()), SessionOptions{}.prefill_chunk);
    }
    if (o.common.json) {
        Json json = {{"architecture", model.architecture}, {"family", family->hf_model_type}, {"name", model.name},
                     {"layers", model.blocks}, {"attention_layers", model.attention_layers},
                     {"parameters", model.parameters}, {"trained_context", nullptr}, {"types", model.types},
                     {"context", context},
                     {"bytes", {{"weights", plan.weights}, {"state", plan.state}, {"kv", plan.kv},
                                {"scratch", plan.scratch}, {"total", plan.total()}}}};
        if (model.trained_context) json["trained_context"] = *model.trained_context;
        print(json);
        return kDone;
    }
    const auto mib = [](uint64_t bytes) { return double(bytes) / (1 << 20); };
    std::printf("%s\n", fmt::format("{} ({})", model.name, model.architecture).c_str());
    std::printf("  parameters        %.1f million in %lld layers, %lld of them attention\n", double(model.parameters) / 1e6,
                (long long)model.blocks, (long long)model.attention_layers);
    if (family->build && model.attention_layers == 0)
        std::printf("  no attention      it keeps no exact copy of what it read: trust its quotes only where a page is cited\n");
    std::printf("  trained context   %s\n",
                model.trained_context ? fmt::format("{} tokens", *model.trained_context).c_str() : "not told by the file; 8,192 is assumed");
    std::printf("  memory at %llu tokens: %.1f MiB (weights %.1f, state %.1f, keys and values %.1f, working %.1f)\n",
                (unsigned long long)context, mib(plan.total()), mib(plan.weights), mib(plan.state), mib(plan.kv), mib(plan.scratch));
    return kDone;
}

struct TokenizeOptions {
    CommonOptions common;
    std::string model, file;
    bool special = false, parse_control = false;
};

int tokenize_command(const TokenizeOptions& o) {
    const auto file = open_named(o.model, o.common);
    if (!file) return fail(file.error(), o.common.json);
    const auto tokenizer = Tokenizer::from_metadata(file->metadata);
    if (!tokenizer) return fail(tokenizer.error(), o.common.json);
    const auto text = read_file(o.file);
    if (!text) return fail(text.error(), o.common.json);
    std::vector<TokenId> ids = (*tokenizer)->encode(*text, o.parse_control);
    if (o.special) ids = (*tokenizer)->with_special(std::move(ids));
    Json pieces = Json::array();
    for (const TokenId id : ids) pieces.push_back(to_valid_utf8((*tokenizer)->bytes(id, /*special=*/true)));
    if (o.common.json) {
        print({{"ids", ids}, {"pieces", pieces}});
        return kDone;
    }
    for (size_t i = 0; i < ids.size(); ++i) std::printf("%d\t%s\n", ids[i], pieces[i].dump().c_str());
    return kDone;
}

int detokenize_command(const TokenizeOptions& o) {
    const auto file = open_named(o.model, o.common);
    if (!file) return fail(file.error(), o.common.json);
    const auto tokenizer = Tokenizer::from_metadata(file->metadata);
    if (!tokenizer) return fail(tokenizer.error(), o.common.json);
    const auto text = read_file(o.file);
    if (!text) return fail(text.error(), o.common.json);
    nlohmann::json json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_object() && json.contains("ids")) json = nlohmann::json(json["ids"]);
    std::vector<TokenId> ids;
    bool good = json.is_array();
    for (size_t i = 0; good && i < json.size(); ++i) {
        good = json[i].is_number_integer() && json[i].get<int64_t>() >= 0 &&
               json[i].get<int64_t>() < int64_t((*tokenizer)->size());
        if (good) ids.push_back(json[i].get<TokenId>());
    }
    if (!good)
        return fail({ErrorKind::Damaged, fmt::format("{} must hold a JSON list of token ids below {}, or {{\"ids\": […]}}.",
                                                     o.file, (*tokenizer)->size())},
                    o.common.json);
    const std::string out = detokenize(*tokenizer, ids);
    if (o.common.json) print({{"text", out}});
    else std::printf("%s\n", out.c_str());
    return kDone;
}

int render_command(const TokenizeOptions& o) {
    const auto file = open_named(o.model, o.common);
    if (!file) return fail(file.error(), o.common.json);
    const auto source = file->metadata.text("tokenizer.chat_template");
    if (!source) return fail({ErrorKind::NotFound, fmt::format("The model {} has no chat template.", o.model)}, o.common.json);
    const auto tokenizer = Tokenizer::from_metadata(file->metadata);
    if (!tokenizer) return fail(tokenizer.error(), o.common.json);
    const auto chat = ChatTemplate::parse(*source);
    if (!chat) return fail(chat.error(), o.common.json);
    const auto text = read_file(o.file);
    if (!text) return fail(text.error(), o.common.json);
    nlohmann::json data = nlohmann::json::parse(*text, nullptr, false);
    if (data.is_array()) data = {{"messages", data}};
    if (!data.is_object() || !data.contains("messages"))
        return fail({ErrorKind::Damaged, fmt::format("{} must hold a JSON list of messages, or an object with \"messages\".", o.file)},
                    o.common.json);
    nlohmann::json trusted = {{"add_generation_prompt", data.value("add_generation_prompt", true)}};
    data.erase("add_generation_prompt");
    const auto special = [&](TokenId id) { return id < 0 ? std::string() : std::string((*tokenizer)->text(id)); };
    trusted["bos_token"] = special((*tokenizer)->bos());
    trusted["eos_token"] = special((*tokenizer)->eos());
    const auto rendered = chat->render(trusted, data);
    if (!rendered) return fail(rendered.error(), o.common.json);
    if (!o.common.json) {
        std::printf("%s\n", rendered->text.c_str());
        return kDone;
    }
    Json segments = Json::array();
    for (const auto& s : rendered->segments) segments.push_back({{"trusted", s.trusted}, {"start", s.start}, {"end", s.end}});
    print({{"text", rendered->text}, {"ids", (*tokenizer)->encode(rendered->views())}, {"segments", segments}});
    return kDone;
}

struct ConvertOptions {
    CommonOptions common;
    std::string in, out, type;
};

int convert_command(const ConvertOptions& o) {
    const auto file = open_named(o.in, o.common);
    if (!file) return fail(file.error(), o.common.json);
    const auto stored = with_weights_as(*file, *tensor_type_from_name(o.type));
    if (!stored) return fail(stored.error(), o.common.json);
    if (auto written = write_gguf(o.out, *stored); !written) return fail(written.error(), o.common.json);
    std::error_code ec;
    const auto bytes = std::filesystem::file_size(o.out, ec);
    if (o.common.json) print({{"out", o.out}, {"tensors", stored->tensors().size()}, {"bytes", bytes}});
    else std::printf("%s: %zu tensors, %.1f MiB\n", o.out.c_str(), stored->tensors().size(), double(bytes) / (1 << 20));
    return kDone;
}

} // namespace

void add_model_commands(CLI::App& app, Action& action) {
    CLI::App* model = app.add_subcommand("model", "Look into models, convert them, run them bare");
    model->require_subcommand(1);
    // Options live as long as the program: the callbacks read them after parsing.
    static InfoOptions info;
    CLI::App* c = model->add_subcommand("info", "Architecture, types and memory of a model");
    c->add_option("MODEL", info.model)->required();
    c->add_option("--context", info.context, "Tokens to predict the memory for");
    add_json_option(*c, info.common);
    add_model_options(*c, info.common);
    c->callback([&action] { action = [] { return info_command(info); }; });

    add_logits_command(*model, action);

    static TokenizeOptions tokenize;
    c = model->add_subcommand("tokenize", "Token ids of a file");
    c->add_option("MODEL", tokenize.model)->required();
    c->add_option("--file", tokenize.file)->required();
    c->add_flag("--special", tokenize.special, "Add BOS, EOS, CLS, SEP as the model wants them");
    c->add_flag("--parse-control", tokenize.parse_control, "Read the text of control tokens as these tokens");
    c->add_option("--models", tokenize.common.models, "Folder in which model names are looked up first");
    add_json_option(*c, tokenize.common);
    c->callback([&action] { action = [] { return tokenize_command(tokenize); }; });

    static TokenizeOptions detokenize;
    c = model->add_subcommand("detokenize", "Text of token ids");
    c->add_option("MODEL", detokenize.model)->required();
    c->add_option("--file", detokenize.file, "JSON: a list of ids, or an object with \"ids\"")->required();
    c->add_option("--models", detokenize.common.models, "Folder in which model names are looked up first");
    add_json_option(*c, detokenize.common);
    c->callback([&action] { action = [] { return detokenize_command(detokenize); }; });

    static TokenizeOptions render;
    c = model->add_subcommand("render", "The chat template, applied to messages");
    c->add_option("MODEL", render.model)->required();
    c->add_option("--messages", render.file, "JSON file: a list of {role, content}")->required();
    c->add_option("--models", render.common.models, "Folder in which model names are looked up first");
    add_json_option(*c, render.common);
    c->callback([&action] { action = [] { return render_command(render); }; });

    static ConvertOptions convert;
    c = model->add_subcommand("convert", "Write a model as GGUF");
    c->add_option("IN", convert.in)->required();
    c->add_option("OUT", convert.out)->required();
    c->add_option("--type", convert.type, "f32, f16, bf16 or q8_0")->required()->check(CLI::IsMember({"f32", "f16", "bf16", "q8_0"}));
    c->add_option("--models", convert.common.models, "Folder in which model names are looked up first");
    add_json_option(*c, convert.common);
    c->callback([&action] { action = [] { return convert_command(convert); }; });
}

} // namespace lectern::cli

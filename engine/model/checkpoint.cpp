// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/model/checkpoint.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/formats/gguf.h"
#include "engine/formats/safetensors.h"
#include "engine/model/family.h"
#include "engine/tokenizer/tokenizer_json.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

Result<ModelFile> open_hf_folder(const fs::path& folder) {
    const auto config = HfConfig::read(folder / "config.json");
    if (!config) return config.error();
    const std::string type = config->text("model_type").value_or("");
    const Family* family = family_of_model_type(type);
    if (!family)
        return Error{ErrorKind::Unsupported,
                     fmt::format("{} is a model of type \"{}\", which this program does not run; it runs {}.",
                                 folder.string(), type, known_architectures())};
    auto tensors = read_safetensors_folder(folder);
    if (!tensors) return tensors.error();
    auto model = family->import_hf(*config, std::move(*tensors));
    if (!model) return Error{model.error().kind, fmt::format("{}: {}", folder.string(), model.error().message)};
    model->metadata.set("general.name", folder.filename().string());
    const auto vocab = model->metadata.integer(fmt::format("{}.vocab_size", family->gguf_architecture)).value_or(0);
    if (auto imported = import_tokenizer(folder, static_cast<uint64_t>(vocab), model->metadata); !imported)
        return imported.error();
    model->files.push_back(folder);
    return model;
}

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

} // namespace

Result<ModelFile> open_checkpoint(const fs::path& path) {
    std::error_code ec;
    if (!fs::exists(path, ec))
        return Error{ErrorKind::NotFound, fmt::format("There is no model at {}.", path.string())};
    if (!fs::is_directory(path, ec)) return read_gguf(path);
    if (fs::exists(path / "config.json", ec)) return open_hf_folder(path);
    std::vector<fs::path> ggufs;
    for (const auto& entry : fs::directory_iterator(path, ec))
        if (entry.path().extension() == ".gguf") ggufs.push_back(entry.path());
    std::sort(ggufs.begin(), ggufs.end());
    if (ec) return error_from_errno(ec.value(), "Cannot list", path.string());
    if (ggufs.empty())
        return Error{ErrorKind::NotFound,
                     fmt::format("The folder {} holds neither config.json nor a .gguf file.", path.string())};
    return read_gguf(ggufs.front());
}

Result<fs::path> find_model(std::string_view model, const std::vector<fs::path>& folders) {
    std::error_code ec;
    if (model.empty()) return Error{ErrorKind::NotFound, "No model was named."};
    if (fs::exists(fs::path(model), ec)) return fs::path(model);
    std::string looked;
    if (model.find('/') == std::string_view::npos) {
        for (const fs::path& folder : folders) {
            for (const fs::path& candidate : {folder / (std::string(model) + ".gguf"), folder / std::string(model)})
                if (fs::exists(candidate, ec)) return candidate;
            looked += fmt::format("{}{}", looked.empty() ? "" : ", ", folder.string());
        }
    }
    if (looked.empty()) return Error{ErrorKind::NotFound, fmt::format("There is no model at {}.", model)};
    return Error{ErrorKind::NotFound, fmt::format("There is no model \"{}\" in {}.", model, looked)};
}

Result<ModelFile> with_weights_as(const ModelFile& model, TensorType type) {
    ModelFile out;
    out.metadata = model.metadata;
    out.files = model.files;
    // general.file_type is informative; these are GGUF's numbers for it.
    const std::pair<TensorType, int64_t> file_types[] = {
        {TensorType::F32, 0}, {TensorType::F16, 1}, {TensorType::Q8_0, 7}, {TensorType::BF16, 32}};
    for (const auto& [known, number] : file_types)
        if (known == type) out.metadata.set("general.file_type", number);
    out.metadata.set("general.quantization_version", int64_t{2});
    static constexpr std::string_view kFloat32[] = {"ffn_gate_inp",   "ffn_gate_inp_shexp", "position_embd",
                                                    "token_types",    "ssm_conv1d",         "shortconv.conv",
                                                    "attn_norm",      "output_norm"};
    for (const Tensor& tensor : model.tensors()) {
        std::string_view stem = tensor.name;
        const bool named_weight = ends_with(stem, ".weight");
        if (named_weight) stem.remove_suffix(7);
        bool keep = !named_weight || tensor.shape.size() <= 1 || ends_with(stem, "_norm");
        for (const std::string_view name : kFloat32)
            if (ends_with(stem, name)) keep = true;
        TensorType target = keep ? TensorType::F32 : type;
        if (tensor.columns() % info(target).block_elements != 0) target = TensorType::F16;
        if (target == tensor.type) {
            out.add(tensor);
            continue;
        }
        const size_t stride = row_bytes(target, tensor.columns());
        auto bytes = std::make_shared<std::vector<std::byte>>(tensor.rows() * stride);
        const size_t source_stride = row_bytes(tensor.type, tensor.columns());
        std::vector<float> row(tensor.columns());
        for (uint64_t r = 0; r < tensor.rows(); ++r) {
            dequantize_row(tensor.type, tensor.bytes.data() + r * source_stride, row.data(), row.size());
            if (auto stored = quantize_row(target, row.data(), bytes->data() + r * stride, row.size()); !stored)
                return stored.error();
        }
        out.add({tensor.name, target, tensor.shape, std::span<const std::byte>(*bytes), bytes});
    }
    return out;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/safetensors.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/utf8.h"
#include "engine/formats/byte_reader.h"
#include "engine/formats/json_text.h"
#include "engine/formats/safetensors_type.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr uint64_t kHeaderLimit = 100'000'000;
constexpr uint64_t kIndexLimit = 256u << 20;
constexpr size_t kMostDimensions = 8;
constexpr uint64_t kDimensionLimit = 1ull << 48;
constexpr JsonLimits kHeaderJson{.depth = 8, .string_bytes = 1u << 20, .values = 20'000'000};

Error damaged(const fs::path& file, std::string_view what) {
    return {ErrorKind::Damaged, fmt::format("{} is not a sound safetensors file: {}. Fetch it again.", file.string(), what)};
}

struct Entry {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<uint64_t> shape;
    uint64_t begin = 0;
    uint64_t end = 0;
};

bool read_shape(const json& value, std::vector<uint64_t>& shape, uint64_t& elements) {
    if (!value.is_array() || value.size() > kMostDimensions) return false;
    elements = 1;
    for (const json& dimension : value) {
        if (!dimension.is_number_unsigned()) return false;
        const auto d = dimension.get<uint64_t>();
        if (d > kDimensionLimit || __builtin_mul_overflow(elements, d, &elements)) return false;
        shape.push_back(d);
    }
    return true;
}

Result<Entry> read_entry(const fs::path& file, const std::string& name, const json& value) {
    Entry entry;
    entry.name = name;
    const auto wrong = [&](std::string_view what) { return damaged(file, fmt::format("tensor {} {}", name, what)); };
    if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() || !value.contains("shape") ||
        !value.contains("data_offsets"))
        return wrong("lacks dtype, shape or data_offsets");
    const auto& dtype = value["dtype"].get_ref<const std::string&>();
    const auto type = safetensors_type(dtype);
    if (!type)
        return Error{ErrorKind::Unsupported, fmt::format("{}: tensor {} is stored as {}, which is not supported.",
                                                         file.string(), name, dtype)};
    entry.type = *type;
    uint64_t elements = 0, bytes = 0;
    if (!read_shape(value["shape"], entry.shape, elements) ||
        __builtin_mul_overflow(elements, uint64_t(info(*type).block_bytes), &bytes))
        return wrong("has an impossible shape");
    const json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
        return wrong("has no proper data_offsets");
    entry.begin = offsets[0].get<uint64_t>();
    entry.end = offsets[1].get<uint64_t>();
    if (entry.end < entry.begin || entry.end - entry.begin != bytes) return wrong("has another size than its shape says");
    return entry;
}

Result<std::vector<Entry>> read_entries(const fs::path& file, const json& header) {
    if (!header.is_object()) return damaged(file, "its header is not an object");
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
        if (name == "__metadata__") continue;
        auto entry = read_entry(file, name, value);
        if (!entry) return entry.error();
        entries.push_back(std::move(*entry));
    }
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
        return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
    });
    return entries;
}

bool is_plain_name(const std::string& name) {
    return name.ends_with(".safetensors") && name.find_first_of(std::string_view("/\\:\0", 4)) == name.npos &&
           name.find("..") == name.npos && name.front() != '.';
}

/// The index of a sharded checkpoint: file → tensors that it gives.
Result<std::map<std::string, std::set<std::string>>> read_index(const fs::path& file) {
    const auto text = read_file(file, kIndexLimit);
    if (!text) return text.error();
    const auto index = parse_json(*text, file, kHeaderJson);
    if (!index) return index.error();
    const auto bad = [&](std::string_view what) {
        return Error{ErrorKind::Damaged, fmt::format("{} cannot be used: {}.", file.string(), what)};
    };
    if (!index->is_object() || !index->contains("weight_map") || !(*index)["weight_map"].is_object())
        return bad("it has no weight_map");
    std::map<std::string, std::set<std::string>> files;
    for (const auto& [tensor, name] : (*index)["weight_map"].items()) {
        if (!name.is_string() || !is_plain_name(name.get<std::string>()))
            return bad("it names a file that is not a plain *.safetensors name");
        files[name.get<std::string>()].insert(tensor);
    }
    return files;
}

Result<std::vector<Tensor>> read_shards(const fs::path& folder, const fs::path& index) {
    const auto files = read_index(index);
    if (!files) return files.error();
    std::vector<Tensor> tensors;
    for (const auto& [name, wanted] : *files) {
        auto shard = read_safetensors(folder / name);
        if (!shard) return shard.error();
        size_t found = 0;
        for (Tensor& tensor : *shard) {
            if (!wanted.contains(tensor.name)) continue; // the index decides where a tensor comes from
            tensors.push_back(std::move(tensor));
            ++found;
        }
        if (found != wanted.size())
            return Error{ErrorKind::Damaged, fmt::format("{} lacks {} tensors that {} promises. Fetch it again.",
                                                         (folder / name).string(), wanted.size() - found, index.string())};
        if (found != shard->size())
            log("engine").warning(fmt::format("{} holds {} tensors that the index does not list", name,
                                              shard->size() - found));
    }
    return tensors;
}

} // namespace

Result<std::vector<Tensor>> parse_safetensors(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                                              const fs::path& file) {
    ByteReader reader(bytes);
    std::string_view header;
    if (!reader.read_string(header, kHeaderLimit)) return damaged(file, "its header does not fit the file");
    if (header.empty() || header.front() != '{' || !is_valid_utf8(header)) return damaged(file, "its header is not JSON");
    const auto parsed = parse_json(header, file, kHeaderJson);
    if (!parsed) return parsed.error();
    auto entries = read_entries(file, *parsed);
    if (!entries) return entries.error();
    const auto data = bytes.subspan(reader.position());
    uint64_t expected = 0;
    std::vector<Tensor> tensors;
    for (Entry& entry : *entries) {
        if (entry.begin != expected) return damaged(file, fmt::format("tensor {} does not lie where it should", entry.name));
        if (entry.end > data.size()) return damaged(file, fmt::format("it ends before tensor {} does", entry.name));
        expected = entry.end;
        tensors.push_back({std::move(entry.name), entry.type, std::move(entry.shape),
                           data.subspan(entry.begin, entry.end - entry.begin), owner});
    }
    if (expected != data.size()) return damaged(file, "bytes follow the last tensor");
    return tensors;
}

Result<std::vector<Tensor>> read_safetensors(const fs::path& file) {
    auto mapped = MappedFile::open(file);
    if (!mapped) return mapped.error();
    return parse_safetensors((*mapped)->bytes(), *mapped, file);
}

Result<std::vector<Tensor>> read_safetensors_folder(const fs::path& folder) {
    std::error_code ec;
    if (fs::exists(folder / "model.safetensors", ec)) return read_safetensors(folder / "model.safetensors");
    const fs::path index = folder / "model.safetensors.index.json";
    if (fs::exists(index, ec)) return read_shards(folder, index);
    std::vector<fs::path> candidates;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec))
        if (it->path().extension() == ".safetensors") candidates.push_back(it->path());
    if (candidates.size() == 1) return read_safetensors(candidates.front());
    return Error{ErrorKind::NotFound,
                 fmt::format("{} holds {}; a checkpoint has model.safetensors or model.safetensors.index.json.",
                             folder.string(),
                             candidates.empty() ? "no *.safetensors file" : "several *.safetensors files and no index")};
}

} // namespace lectern

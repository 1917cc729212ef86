// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/formats/gguf.h"

#include <charconv>

#include <fmt/format.h>

#include "engine/base/file.h"
#include "engine/formats/gguf_part.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kHeaderBytes = 24;
constexpr uint64_t kLeastPairBytes = 14;   // key length and one byte of it, type, one byte of value
constexpr uint64_t kLeastTensorBytes = 25; // name length and one byte of it, n_dims, type, offset
constexpr uint64_t kCountLimit = 1'000'000;
constexpr int64_t kMostParts = 99999; // five digits in the name

Error damaged(const fs::path& file, const ByteReader& reader) {
    return {ErrorKind::Damaged, fmt::format("{} is not a sound GGUF file: at byte {}, {}. Fetch it again.", file.string(),
                                            reader.position(), reader.problem())};
}

struct Header {
    uint64_t n_tensors = 0;
    uint64_t n_pairs = 0;
};

Result<Header> read_header(ByteReader& reader, const fs::path& file) {
    uint32_t magic = 0, version = 0;
    int64_t n_tensors = 0, n_pairs = 0;
    const uint64_t size = reader.remaining();
    if (!reader.read(magic) || magic != gguf::kMagic)
        return Error{ErrorKind::Damaged, fmt::format("{} is not a GGUF file.", file.string())};
    if (!reader.read(version)) return damaged(file, reader);
    if ((version & 0xFFFF) == 0)
        return Error{ErrorKind::Unsupported, fmt::format("{} is a big-endian GGUF file; fetch the little-endian one.",
                                                         file.string())};
    if (version != 2 && version != 3)
        return Error{ErrorKind::Unsupported,
                     fmt::format("{} is GGUF version {}; versions 2 and 3 are read.", file.string(), version)};
    if (!reader.read(n_tensors) || !reader.read(n_pairs)) return damaged(file, reader);
    const auto fits = [&](int64_t n, uint64_t least) {
        return n >= 0 && uint64_t(n) <= kCountLimit && uint64_t(n) <= (size - kHeaderBytes) / least;
    };
    if (!fits(n_tensors, kLeastTensorBytes) || !fits(n_pairs, kLeastPairBytes)) {
        reader.fail("the header promises more than the file can hold");
        return damaged(file, reader);
    }
    return Header{uint64_t(n_tensors), uint64_t(n_pairs)};
}

/// Shape the split keys have in every part of a checkpoint.
struct SplitFacts {
    int64_t number = 0; // from 0
    int64_t count = 1;
    int64_t tensors = -1; // over all parts; -1: not said
};

SplitFacts split_facts(const Metadata& metadata) {
    return {metadata.integer("split.no").value_or(0), metadata.integer("split.count").value_or(1),
            metadata.integer("split.tensors.count").value_or(-1)};
}

Result<ModelFile> read_part(const fs::path& path) {
    auto mapped = MappedFile::open(path);
    if (!mapped) return mapped.error();
    return parse_gguf((*mapped)->bytes(), *mapped, path);
}

/// "<prefix>-00002-of-00003.gguf" for a first part called "<prefix>-00001-of-00003.gguf"; empty if it is not called so.
fs::path sibling(const fs::path& first, int64_t number, int64_t count) {
    const std::string name = first.filename().string();
    const std::string ending = fmt::format("-00001-of-{:05}.gguf", count);
    if (!name.ends_with(ending)) return {};
    const std::string prefix = name.substr(0, name.size() - ending.size());
    return first.parent_path() / fmt::format("{}-{:05}-of-{:05}.gguf", prefix, number + 1, count);
}

Result<void> join(ModelFile& model, ModelFile part, const SplitFacts& wanted, int64_t number, const fs::path& path) {
    const SplitFacts found = split_facts(part.metadata);
    if (found.number != number || found.count != wanted.count)
        return Error{ErrorKind::Damaged, fmt::format("{} says it is part {} of {}, not part {} of {}.", path.string(),
                                                     found.number + 1, found.count, number + 1, wanted.count)};
    for (const Tensor& tensor : part.tensors()) {
        if (model.find(tensor.name))
            return Error{ErrorKind::Damaged,
                         fmt::format("{} holds a tensor that an earlier part holds too.", path.string())};
        model.add(tensor);
    }
    model.files.push_back(path);
    return {};
}

} // namespace

Result<ModelFile> parse_gguf(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const fs::path& file) {
    ByteReader reader(bytes);
    const auto header = read_header(reader, file);
    if (!header) return header.error();
    ModelFile model;
    model.files.push_back(file);
    uint64_t alignment = gguf::kDefaultAlignment;
    if (!gguf::read_metadata(reader, header->n_pairs, model.metadata, alignment)) return damaged(file, reader);
    std::vector<gguf::TensorInfo> infos;
    bool unsupported = false;
    if (!gguf::read_tensor_infos(reader, header->n_tensors, alignment, infos, unsupported)) {
        if (unsupported)
            return Error{ErrorKind::Unsupported, fmt::format("{}: {}.", file.string(), reader.problem())};
        return damaged(file, reader);
    }
    uint64_t data_start = 0;
    const bool padded = gguf::pad(reader.position(), alignment, data_start);
    if (!padded || (!infos.empty() && data_start > bytes.size())) {
        reader.fail("the weights are missing");
        return damaged(file, reader);
    }
    for (gguf::TensorInfo& tensor : infos) {
        const uint64_t room = bytes.size() - data_start;
        if (tensor.bytes > room || tensor.offset > room - tensor.bytes) {
            reader.fail(fmt::format("the weights end before tensor {} does", tensor.name));
            return damaged(file, reader);
        }
        model.add({std::move(tensor.name), tensor.type, std::move(tensor.shape),
                   bytes.subspan(data_start + tensor.offset, tensor.bytes), owner});
    }
    return model;
}

Result<ModelFile> read_gguf(const fs::path& path) {
    auto model = read_part(path);
    if (!model) return model;
    const SplitFacts facts = split_facts(model->metadata);
    if (facts.count <= 1) return model;
    if (facts.number != 0)
        return Error{ErrorKind::Unsupported, fmt::format("{} is part {} of {}; open the first part, whose name ends in "
                                                         "-00001-of-{:05}.gguf.",
                                                         path.string(), facts.number + 1, facts.count, facts.count)};
    if (facts.count > kMostParts || sibling(path, 0, facts.count).empty())
        return Error{ErrorKind::Damaged, fmt::format("{} says it is the first of {} parts, but its name does not end in "
                                                     "-00001-of-{:05}.gguf; give it its old name.",
                                                     path.string(), facts.count, facts.count)};
    for (int64_t number = 1; number < facts.count; ++number) {
        const fs::path next = sibling(path, number, facts.count);
        auto part = read_part(next);
        if (!part) return part.error();
        if (auto joined = join(*model, std::move(*part), facts, number, next); !joined) return joined.error();
    }
    if (facts.tensors >= 0 && uint64_t(facts.tensors) != model->tensors().size())
        return Error{ErrorKind::Damaged, fmt::format("{} and its siblings hold {} tensors instead of {}.", path.string(),
                                                     model->tensors().size(), facts.tensors)};
    for (const char* key : {"split.no", "split.count", "split.tensors.count"}) model->metadata.erase(key);
    return model;
}

} // namespace lectern

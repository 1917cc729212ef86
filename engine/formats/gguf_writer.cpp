// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/base/file.h"
#include "engine/formats/gguf.h"
#include "engine/formats/gguf_part.h"

namespace lectern {
namespace {

using gguf::ValueType;

constexpr uint32_t kVersion = 3;
constexpr size_t kNameLimit = 63;

class Buffer {
public:
    template <class T>
    void put(T value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_type(ValueType type) { put(static_cast<int32_t>(type)); }
    void put_string(std::string_view text) {
        put(static_cast<uint64_t>(text.size()));
        bytes_.append(text);
    }
    void pad_to(uint64_t alignment) { bytes_.append((alignment - bytes_.size() % alignment) % alignment, '\0'); }
    std::span<const std::byte> bytes() const { return std::as_bytes(std::span(bytes_)); }

private:
    std::string bytes_;
};

template <class T>
bool all_fit(const std::vector<int64_t>& values) {
    return std::ranges::all_of(values, [](int64_t v) {
        return v >= int64_t(std::numeric_limits<T>::min()) && v <= int64_t(std::numeric_limits<T>::max());
    });
}

template <class T>
void put_all(Buffer& to, ValueType type, const std::vector<int64_t>& values) {
    to.put_type(type);
    to.put(static_cast<uint64_t>(values.size()));
    for (int64_t value : values) to.put(static_cast<T>(value));
}

/// Readers want signed 32-bit arrays (head_count_kv, token_type and the like), but bytes for the character map.
void put_integers(Buffer& to, std::string_view key, const std::vector<int64_t>& values) {
    to.put_type(ValueType::Array);
    if (key.ends_with(".precompiled_charsmap") && all_fit<uint8_t>(values))
        return put_all<uint8_t>(to, ValueType::U8, values);
    if (all_fit<int32_t>(values)) return put_all<int32_t>(to, ValueType::I32, values);
    put_all<int64_t>(to, ValueType::I64, values);
}

struct PutValue {
    Buffer& to;
    std::string_view key;

    void operator()(bool value) const {
        to.put_type(ValueType::Bool);
        to.put(static_cast<uint8_t>(value));
    }
    void operator()(int64_t value) const {
        if (value >= 0 && value <= int64_t(UINT32_MAX)) {
            to.put_type(ValueType::U32);
            to.put(static_cast<uint32_t>(value));
        } else {
            to.put_type(ValueType::I64);
            to.put(value);
        }
    }
    void operator()(double value) const {
        to.put_type(ValueType::F32);
        to.put(static_cast<float>(value));
    }
    void operator()(const std::string& value) const {
        to.put_type(ValueType::String);
        to.put_string(value);
    }
    void operator()(const std::vector<bool>& values) const {
        head(ValueType::Bool, values.size());
        for (bool value : values) to.put(static_cast<uint8_t>(value));
    }
    void operator()(const std::vector<int64_t>& values) const { put_integers(to, key, values); }
    void operator()(const std::vector<double>& values) const {
        head(ValueType::F32, values.size());
        for (double value : values) to.put(static_cast<float>(value));
    }
    void operator()(const std::vector<std::string>& values) const {
        head(ValueType::String, values.size());
        for (const std::string& value : values) to.put_string(value);
    }

private:
    void head(ValueType element, size_t n) const {
        to.put_type(ValueType::Array);
        to.put_type(element);
        to.put(static_cast<uint64_t>(n));
    }
};

/// Facts of the file that was read, not of the model.
bool belongs_to_file(std::string_view key) { return key == "general.alignment" || key.starts_with("split."); }

void put_metadata(Buffer& to, const Metadata& metadata) {
    // The architecture comes first: readers that stream want to know it before anything else.
    const auto put = [&](const std::string& key, const Metadata::Value& value) {
        to.put_string(key);
        std::visit(PutValue{to, key}, value);
    };
    const std::string first = "general.architecture";
    if (const auto* value = metadata.find(first)) put(first, *value);
    for (const auto& [key, value] : metadata.values())
        if (key != first && !belongs_to_file(key)) put(key, value);
}

Result<void> check(const std::filesystem::path& path, const ModelFile& model) {
    for (const Tensor& tensor : model.tensors()) {
        if (tensor.name.empty() || tensor.name.size() > kNameLimit || tensor.shape.size() > 4)
            return Error{ErrorKind::Unsupported,
                         fmt::format("Cannot write {}: GGUF has no room for tensor {} (names of at most {} bytes, at most "
                                     "4 dimensions).",
                                     path.string(), tensor.name, kNameLimit)};
        ENSURE(tensor.bytes.size() == row_bytes(tensor.type, tensor.columns()) * tensor.rows(),
               "a tensor has the bytes of its shape");
    }
    return {};
}

uint64_t padded(uint64_t bytes) {
    return (bytes + gguf::kDefaultAlignment - 1) / gguf::kDefaultAlignment * gguf::kDefaultAlignment;
}

} // namespace

Result<void> write_gguf(const std::filesystem::path& path, const ModelFile& model) {
    if (auto checked = check(path, model); !checked) return checked;
    const auto n_pairs =
        std::ranges::count_if(model.metadata.values(), [](const auto& pair) { return !belongs_to_file(pair.first); });
    Buffer head;
    head.put(gguf::kMagic);
    head.put(kVersion);
    head.put(static_cast<int64_t>(model.tensors().size()));
    head.put(static_cast<int64_t>(n_pairs));
    put_metadata(head, model.metadata);
    uint64_t offset = 0;
    for (const Tensor& tensor : model.tensors()) {
        head.put_string(tensor.name);
        head.put(static_cast<uint32_t>(tensor.shape.size()));
        for (auto ne = tensor.shape.rbegin(); ne != tensor.shape.rend(); ++ne) head.put(static_cast<int64_t>(*ne));
        head.put(static_cast<int32_t>(tensor.type));
        head.put(offset);
        offset += padded(tensor.bytes.size());
    }
    head.pad_to(gguf::kDefaultAlignment);

    auto writer = AtomicFileWriter::create(path);
    if (!writer) return writer.error();
    if (auto written = (*writer)->write(head.bytes()); !written) return written;
    const std::vector<std::byte> zeros(gguf::kDefaultAlignment);
    for (const Tensor& tensor : model.tensors()) {
        if (auto written = (*writer)->write(tensor.bytes); !written) return written;
        const uint64_t gap = padded(tensor.bytes.size()) - tensor.bytes.size();
        if (auto written = (*writer)->write(std::span(zeros).first(gap)); !written) return written;
    }
    return (*writer)->finish();
}

} // namespace lectern

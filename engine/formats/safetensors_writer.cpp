// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/safetensors_type.h"

namespace lectern {

Result<void> write_safetensors(const std::filesystem::path& file, std::span<const Tensor> tensors) {
    std::vector<const Tensor*> order;
    nlohmann::ordered_json header = {{"__metadata__", {{"format", "pt"}}}};
    for (const Tensor& tensor : tensors) {
        if (!safetensors_name(tensor.type))
            return Error{ErrorKind::Unsupported, fmt::format("Cannot write {}: safetensors has no type {} (tensor {}).",
                                                             file.string(), info(tensor.type).name, tensor.name)};
        ENSURE(tensor.bytes.size() == row_bytes(tensor.type, tensor.elements()), "a tensor has the bytes of its shape");
        order.push_back(&tensor);
    }
    // Wide elements first, so that every tensor is aligned for its type.
    std::ranges::stable_sort(order, std::greater<>(), [](const Tensor* t) { return info(t->type).block_bytes; });
    uint64_t offset = 0;
    for (const Tensor* tensor : order) {
        ENSURE(!header.contains(tensor->name), "tensor names are unique");
        header[tensor->name] = {{"dtype", *safetensors_name(tensor->type)},
                                {"shape", tensor->shape},
                                {"data_offsets", {offset, offset + tensor->bytes.size()}}};
        offset += tensor->bytes.size();
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');

    auto writer = AtomicFileWriter::create(file);
    if (!writer) return writer.error();
    const uint64_t length = text.size();
    if (auto written = (*writer)->write(std::as_bytes(std::span(&length, 1))); !written) return written;
    if (auto written = (*writer)->write(std::as_bytes(std::span(text))); !written) return written;
    for (const Tensor* tensor : order)
        if (auto written = (*writer)->write(tensor->bytes); !written) return written;
    return (*writer)->finish();
}

} // namespace lectern

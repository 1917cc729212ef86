// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/backend/backend.h"

#include <utility>

#include <fmt/format.h>

#include "engine/backend/cpu_backend.h"
#include "engine/backend/cuda_backend.h"
#include "engine/backend/reference_backend.h"

namespace lectern {

DeviceBuffer::~DeviceBuffer() {
    if (data_) backend_->release(data_, bytes_);
}

DeviceBuffer& DeviceBuffer::operator=(DeviceBuffer&& other) noexcept {
    std::swap(backend_, other.backend_);
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
}

Result<std::shared_ptr<Backend>> make_backend(std::string_view name, int threads) {
    if (name == "reference") return std::make_shared<ReferenceBackend>();
    if (name == "cpu" || name.empty()) return std::make_shared<CpuBackend>(threads);
    if (name == "cuda") return CudaBackend::create();
    return Error{ErrorKind::Unsupported, fmt::format("There is no backend \"{}\"; there are reference, cpu and cuda.", name)};
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include <faiss/impl/io.h>
#include <faiss/index_io.h>

#include <cstring>

#include <fmt/format.h>

#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "retrieval/dense/vector_shelf.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

struct Header { // STORE_FORMAT.md, "Vector cache"; written as it lies in memory, which is little-endian
    char magic[8] = {'L', 'E', 'C', 'T', 'V', 'E', 'C', '1'};
    uint32_t version = 1;
    uint32_t name_bytes = 0;
    uint32_t dim = 0;
    uint32_t reserved = 0;
    uint64_t count = 0;
    int64_t generation = 0;
    uint64_t payload_bytes = 0;
    uint64_t hash_high = 0, hash_low = 0;
};
static_assert(sizeof(Header) == 64 && std::is_trivially_copyable_v<Header>);

fs::path cache_path(const fs::path& folder, int64_t generation) {
    return folder / fmt::format("vectors-{}", generation);
}

/// Lets FAISS read from checked bytes in memory.
struct SpanReader : faiss::IOReader {
    explicit SpanReader(std::span<const std::byte> bytes) : rest(bytes) {}
    size_t operator()(void* to, size_t size, size_t count) override {
        const size_t items = size == 0 ? 0 : std::min(count, rest.size() / size);
        if (items > 0) std::memcpy(to, rest.data(), items * size);
        rest = rest.subspan(items * size);
        return items;
    }
    std::span<const std::byte> rest;
};

Hash128 hash_of(Header header, std::string_view name, std::span<const std::byte> ids,
                std::span<const std::byte> index) {
    header.hash_high = header.hash_low = 0;
    Hasher hasher;
    hasher.update(std::as_bytes(std::span(&header, 1)));
    hasher.update(name);
    hasher.update(ids);
    hasher.update(index);
    return hasher.finish();
}

Error damaged(const fs::path& path, std::string_view what) {
    return {ErrorKind::Damaged, fmt::format("{} is damaged ({}); it is made anew.", path.string(), what)};
}

std::vector<int64_t> ids_of(const VectorShelf& shelf) {
    std::vector<int64_t> ids;
    ids.reserve(2 * shelf.size());
    for (const ChunkId id : shelf.chunks) ids.push_back(number(id));
    for (const DocumentId id : shelf.documents) ids.push_back(number(id));
    return ids;
}

void remove_other_caches(const fs::path& folder, const fs::path& keep) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path() != keep && entry.path().filename().string().starts_with("vectors-"))
            fs::remove(entry.path(), ignored);
}

/// The payload is already known to be what we wrote.
Result<std::unique_ptr<VectorShelf>> shelf_from(const fs::path& path, const Header& header,
                                                std::span<const std::byte> payload) {
    return faiss_guarded([&] {
        auto shelf = std::make_unique<VectorShelf>(static_cast<int>(header.dim));
        const size_t n = header.count;
        shelf->chunks.resize(n);
        shelf->documents.resize(n);
        if (n > 0) {
            std::memcpy(shelf->chunks.data(), payload.data(), n * 8);
            std::memcpy(shelf->documents.data(), payload.data() + n * 8, n * 8);
        }
        SpanReader reader(payload.subspan(n * 16));
        const std::unique_ptr<faiss::Index> read(faiss::read_index(&reader));
        auto* flat = dynamic_cast<faiss::IndexFlat*>(read.get());
        if (!flat || flat->d != static_cast<int>(header.dim) || flat->ntotal != static_cast<int64_t>(n) ||
            flat->metric_type != faiss::METRIC_INNER_PRODUCT)
            throw std::runtime_error(path.string() + " holds another kind of index");
        shelf->vectors.codes = std::move(flat->codes);
        shelf->vectors.ntotal = flat->ntotal;
        shelf->row_of.reserve(n);
        for (size_t i = 0; i < n; ++i) shelf->row_of.emplace(shelf->chunks[i], i);
        shelf->generation = header.generation;
        return shelf;
    });
}

} // namespace

Result<void> write_vector_cache(const fs::path& folder, const std::string& encoder, const VectorShelf& shelf) {
    faiss::VectorIOWriter index;
    const auto written = faiss_guarded([&] { faiss::write_index(&shelf.vectors, &index); });
    if (!written) return written;
    const auto ids = ids_of(shelf);
    const auto id_bytes = std::as_bytes(std::span(ids));
    const auto index_bytes = std::as_bytes(std::span(index.data));

    Header header;
    header.name_bytes = static_cast<uint32_t>(encoder.size());
    header.dim = static_cast<uint32_t>(shelf.vectors.d);
    header.count = shelf.size();
    header.generation = shelf.generation;
    header.payload_bytes = id_bytes.size() + index_bytes.size();
    const Hash128 hash = hash_of(header, encoder, id_bytes, index_bytes);
    header.hash_high = hash.high;
    header.hash_low = hash.low;

    const fs::path path = cache_path(folder, shelf.generation);
    auto file = AtomicFileWriter::create(path);
    if (!file) return file.error();
    for (const auto part :
         {std::as_bytes(std::span(&header, 1)), std::as_bytes(std::span(encoder)), id_bytes, index_bytes})
        if (auto done = (*file)->write(part); !done) return done;
    if (auto done = (*file)->finish(); !done) return done;
    remove_other_caches(folder, path);
    return {};
}

Result<std::unique_ptr<VectorShelf>> read_vector_cache(const fs::path& folder, const std::string& encoder, int dim,
                                                       int64_t generation) {
    const fs::path path = cache_path(folder, generation);
    const auto file = MappedFile::open(path);
    if (!file) return file.error();
    const auto bytes = (*file)->bytes();
    Header header;
    if (bytes.size() < sizeof header) return damaged(path, "it is cut off");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (std::memcmp(header.magic, Header().magic, sizeof header.magic) != 0)
        return damaged(path, "it does not begin like a vector cache");
    if (header.version != 1) return Error{ErrorKind::Unsupported, path.string() + " is of another version."};
    const auto rest = bytes.subspan(sizeof header);
    if (header.name_bytes > rest.size() || header.payload_bytes != rest.size() - header.name_bytes ||
        header.count > header.payload_bytes / 16)
        return damaged(path, "its length is wrong");
    const std::string_view name(reinterpret_cast<const char*>(rest.data()), header.name_bytes);
    const auto payload = rest.subspan(header.name_bytes);
    const auto ids = payload.first(header.count * 16);
    if (hash_of(header, name, ids, payload.subspan(ids.size())) != Hash128{header.hash_high, header.hash_low})
        return damaged(path, "its checksum is wrong");
    if (name != encoder || header.dim != static_cast<uint32_t>(dim) || header.generation != generation)
        return Error{ErrorKind::Unsupported, path.string() + " is of another encoder."};
    return shelf_from(path, header, payload);
}

} // namespace lectern

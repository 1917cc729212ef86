// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

/// Files: every read and write of ours goes through here, so that errors read alike and faults can be injected.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/hash.h"

namespace lectern {

/// A file mapped read-only into memory; the bytes live as long as the object. A file that shrinks while it is mapped
/// raises SIGBUS on access: map only files that nobody rewrites in place (ours are replaced by rename).
class MappedFile {
public:
    /// Errors: NotFound, NoPermission, Unsupported (a folder or a device).
    static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const { return {data_, size_}; }
    const std::filesystem::path& path() const { return path_; }

private:
    MappedFile(std::filesystem::path path, const std::byte* data, size_t size)
        : path_(std::move(path)), data_(data), size_(size) {}
    std::filesystem::path path_;
    const std::byte* data_;
    size_t size_;
};

/// The whole file as a string. Errors: NotFound, NoPermission, TooLarge (over `limit` bytes).
Result<std::string> read_file(const std::filesystem::path& path, uint64_t limit = 1ull << 30);

/// The hash of a file's bytes, read in pieces: for files that others may rewrite meanwhile. Stops early if asked to.
/// Errors: NotFound, NoPermission, Unsupported (a folder or a device), Cancelled.
Result<Hash128> hash_file(const std::filesystem::path& path, std::stop_token stop);

/// Writes beside the target, syncs, renames over it and syncs the folder: afterwards the file is old or new, never half.
/// The file is private (0600). Errors: NoPermission, DiskFull, NotFound (no such folder).
Result<void> write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view text);

/// A new file written in pieces; finish() syncs and renames it to its name, otherwise it disappears.
class AtomicFileWriter {
public:
    static Result<std::unique_ptr<AtomicFileWriter>> create(const std::filesystem::path& path);
    ~AtomicFileWriter();
    AtomicFileWriter(const AtomicFileWriter&) = delete;
    AtomicFileWriter& operator=(const AtomicFileWriter&) = delete;
    Result<void> write(std::span<const std::byte> bytes);
    Result<void> finish();

private:
    AtomicFileWriter(std::filesystem::path target, std::filesystem::path temporary, int fd)
        : target_(std::move(target)), temporary_(std::move(temporary)), fd_(fd) {}
    std::filesystem::path target_;
    std::filesystem::path temporary_;
    int fd_ = -1;
};

/// Creates the folder and its parents, private (0700) where it is new. Errors: NoPermission, DiskFull.
Result<void> create_private_directories(const std::filesystem::path& path);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: Apache-2.0

#include "engine/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <vector>

#include <fmt/format.h>

namespace lectern {
namespace fs = std::filesystem;
namespace {

class FileDescriptor {
public:
    explicit FileDescriptor(int fd) : fd_(fd) {}
    ~FileDescriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

/// Opens a regular file for reading and tells its size.
Result<int> open_regular(const fs::path& path, uint64_t& size) {
    // O_NONBLOCK: opening a FIFO must not hang; it has no effect on regular files.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return error_from_errno(errno, "Cannot open", path.string());
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(fd);
        return Error{ErrorKind::Unsupported, fmt::format("{} is not a regular file.", path.string())};
    }
    size = static_cast<uint64_t>(info.st_size);
    return fd;
}

Result<void> sync_folder(const fs::path& folder) {
    const FileDescriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0)
        return error_from_errno(errno, "Cannot sync the folder", folder.string());
    return {};
}

} // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const fs::path& path) {
    uint64_t size = 0;
    const auto opened = open_regular(path, size);
    if (!opened) return opened.error();
    const FileDescriptor fd(*opened);
    if (size == 0) return std::shared_ptr<const MappedFile>(new MappedFile(path, nullptr, 0));
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (data == MAP_FAILED) return error_from_errno(errno, "Cannot map", path.string());
    return std::shared_ptr<const MappedFile>(new MappedFile(path, static_cast<const std::byte*>(data), size));
}

MappedFile::~MappedFile() {
    if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

Result<std::string> read_file(const fs::path& path, uint64_t limit) {
    uint64_t size = 0;
    const auto opened = open_regular(path, size);
    if (!opened) return opened.error();
    const FileDescriptor fd(*opened);
    if (size > limit)
        return Error{ErrorKind::TooLarge,
                     fmt::format("{} has {} bytes; at most {} are read.", path.string(), size, limit)};
    std::string text(size, '\0');
    size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::read(fd.get(), text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return error_from_errno(errno, "Cannot read", path.string());
        if (n == 0) break; // it shrank meanwhile
        done += static_cast<size_t>(n);
    }
    text.resize(done);
    return text;
}

Result<Hash128> hash_file(const fs::path& path, std::stop_token stop) {
    uint64_t size = 0;
    const auto opened = open_regular(path, size);
    if (!opened) return opened.error();
    const FileDescriptor fd(*opened);
    Hasher hasher;
    std::vector<std::byte> buffer(1 << 20);
    for (;;) {
        if (stop.stop_requested()) return Error{ErrorKind::Cancelled, fmt::format("Reading {} was cancelled.", path.string())};
        const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return error_from_errno(errno, "Cannot read", path.string());
        if (n == 0) return hasher.finish();
        hasher.update(std::span(buffer).first(static_cast<size_t>(n)));
    }
}

Result<std::unique_ptr<AtomicFileWriter>> AtomicFileWriter::create(const fs::path& path) {
    static std::atomic<uint64_t> serial{0};
    fs::path temporary = path;
    temporary += fmt::format(".{}-{}.tmp", ::getpid(), serial++);
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return error_from_errno(errno, "Cannot create", temporary.string());
    return std::unique_ptr<AtomicFileWriter>(new AtomicFileWriter(path, std::move(temporary), fd));
}

AtomicFileWriter::~AtomicFileWriter() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(temporary_.c_str());
}

Result<void> AtomicFileWriter::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return error_from_errno(errno, "Cannot write", target_.string());
        bytes = bytes.subspan(static_cast<size_t>(n));
    }
    return {};
}

Result<void> AtomicFileWriter::finish() {
    if (::fsync(fd_) != 0) return error_from_errno(errno, "Cannot sync", target_.string());
    const int fd = std::exchange(fd_, -1);
    if (::close(fd) != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0) {
        const int code = errno;
        ::unlink(temporary_.c_str());
        return error_from_errno(code, "Cannot replace", target_.string());
    }
    return sync_folder(target_.parent_path());
}

Result<void> write_file_atomic(const fs::path& path, std::span<const std::byte> bytes) {
    auto writer = AtomicFileWriter::create(path);
    if (!writer) return writer.error();
    if (auto written = (*writer)->write(bytes); !written) return written;
    return (*writer)->finish();
}

Result<void> write_file_atomic(const fs::path& path, std::string_view text) {
    return write_file_atomic(path, std::as_bytes(std::span(text)));
}

Result<void> create_private_directories(const fs::path& path) {
    std::error_code ec;
    if (fs::is_directory(path, ec)) return {};
    if (path.has_parent_path() && path.parent_path() != path)
        if (auto parent = create_private_directories(path.parent_path()); !parent) return parent;
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return error_from_errno(errno, "Cannot create the folder", path.string());
    return {};
}

} // namespace lectern

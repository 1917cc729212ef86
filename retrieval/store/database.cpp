// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <fmt/format.h>

#include "engine/base/file.h"
#include "retrieval/store/schema.h"
#include "retrieval/store/sqlite.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

constexpr size_t kIdleReaders = 8;

/// Creates the file privately before SQLite would create it for everyone to read; its log files inherit the mode.
void make_private_file(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) throw StoreFailure{error_from_errno(errno, "Cannot open", file.string())};
    ::fchmod(fd, 0600);
    ::close(fd);
}

} // namespace

Database::Database(fs::path folder, Access access) : folder_(std::move(folder)), access_(access) {}

Database::~Database() {
    pool_.clear(); // before the writer, so that its close is the last one and leaves no log behind
    writer_.reset();
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

Result<std::shared_ptr<Database>> Database::open(const fs::path& folder, Access access) {
    if (access == Access::Write) {
        auto created = create_private_directories(folder);
        if (!created) return created.error();
    }
    return guarded([&] {
        std::shared_ptr<Database> database(new Database(folder, access));
        database->open_files();
        return database;
    });
}

void Database::open_files() {
    const fs::path file = folder_ / "library.sqlite";
    if (access_ == Access::Write) {
        take_lock();
        make_private_file(file);
        writer_ = std::make_unique<Connection>(file, Connection::Role::Writer);
        migrate(*writer_, file.string());
        return;
    }
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        store_failure(ErrorKind::NotFound,
                      fmt::format("There is no library in {}. Add a document to create it.", folder_.string()));
    auto lease = reader();
    check_version(*lease, file.string());
}

void Database::take_lock() {
    const fs::path path = folder_ / "library.lock";
    lock_fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_fd_ < 0) throw StoreFailure{error_from_errno(errno, "Cannot open", path.string())};
    if (::flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK) throw StoreFailure{error_from_errno(errno, "Cannot lock", path.string())};
    store_failure(ErrorKind::Busy,
                  fmt::format("The library in {} is open for writing in another Lectern. Close it there, or wait until "
                              "it is done, and try again.",
                              folder_.string()));
}

Database::ReadLease Database::reader() {
    {
        const std::lock_guard lock(pool_mutex_);
        if (!pool_.empty()) {
            auto connection = std::move(pool_.back());
            pool_.pop_back();
            return {*this, std::move(connection)};
        }
    }
    return {*this, std::make_unique<Connection>(folder_ / "library.sqlite", Connection::Role::Reader)};
}

Database::WriteLease Database::writer() {
    if (!writer_)
        store_failure(ErrorKind::NoPermission,
                      fmt::format("The library in {} is open for reading only.", folder_.string()));
    return {std::unique_lock(writer_lock_), *writer_};
}

Database::ReadLease::ReadLease(Database& owner, std::unique_ptr<Connection> connection)
    : owner_(&owner), connection_(std::move(connection)) {}

Database::ReadLease::~ReadLease() {
    if (!connection_) return;
    const std::lock_guard lock(owner_->pool_mutex_);
    if (owner_->pool_.size() < kIdleReaders) owner_->pool_.push_back(std::move(connection_));
}

} // namespace lectern

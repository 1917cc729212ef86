// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The database file of one library: one writing connection, any number of reading ones.
///
/// Debian's SQLite (3.40.1) can damage a file when two connections write or checkpoint at the same moment, so exactly
/// one connection in one process does either: Access::Write takes an advisory lock on `library.lock` in the folder;
/// readers, in this process or another, are query_only and never checkpoint.
///
/// Thread safe. A lease is used by the thread that took it; the writer's lease makes others wait.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/base/error.h"
#include "retrieval/store/turn_lock.h"

namespace lectern {

class Connection;

enum class Access { Read, Write };

class Database {
public:
    /// Opens `folder`/library.sqlite. Write creates the folder (0700) and the file (0600) and brings an older file up
    /// to date. Errors: Busy (another program writes to it), NotFound (Read, no library there), Unsupported (of a newer
    /// Lectern), Damaged, NoPermission, DiskFull.
    static Result<std::shared_ptr<Database>> open(const std::filesystem::path& folder, Access access);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::filesystem::path& folder() const { return folder_; }
    Access access() const { return access_; }

    /// A connection lent from the pool; it goes back when the lease ends.
    class ReadLease {
    public:
        ReadLease(Database& owner, std::unique_ptr<Connection> connection);
        ~ReadLease();
        ReadLease(ReadLease&&) noexcept = default;
        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_.get(); }

    private:
        Database* owner_;
        std::unique_ptr<Connection> connection_;
    };
    /// The writing connection, locked.
    class WriteLease {
    public:
        WriteLease(std::unique_lock<TurnLock> lock, Connection& connection)
            : lock_(std::move(lock)), connection_(&connection) {}
        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_; }

    private:
        std::unique_lock<TurnLock> lock_;
        Connection* connection_;
    };

    // For the rooms inside retrieval; both throw StoreFailure (sqlite.h).
    ReadLease reader();
    WriteLease writer();

private:
    explicit Database(std::filesystem::path folder, Access access);
    void open_files();
    void take_lock();

    std::filesystem::path folder_;
    Access access_;
    int lock_fd_ = -1;
    std::mutex pool_mutex_; // guards pool_
    std::vector<std::unique_ptr<Connection>> pool_;
    TurnLock writer_lock_; // guards what writer_ points to
    std::unique_ptr<Connection> writer_;
};

} // namespace lectern

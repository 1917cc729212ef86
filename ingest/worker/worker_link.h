// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A running parse process and the pipes to it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include <sys/types.h>

#include "engine/base/error.h"
#include "ingest/worker/protocol.h"

namespace lectern {

/// Belongs to one thread. The process is killed and reaped with the object.
class WorkerLink {
public:
    enum class Event { Record, Cancelled, TimedOut, Died, Broken };
    struct Received {
        Event event = Event::Died;
        RecordType type = RecordType::End; ///< with Event::Record
        std::string payload;
    };

    /// Starts `program` (posix_spawn, never a bare fork) with the document as descriptor 3, a nearly empty environment and
    /// nothing else of ours open. Errors: NotFound, NoPermission, Internal.
    static Result<std::unique_ptr<WorkerLink>> start(const std::filesystem::path& program, int document_fd);
    ~WorkerLink();
    WorkerLink(const WorkerLink&) = delete;
    WorkerLink& operator=(const WorkerLink&) = delete;

    /// A dead process is noticed by receive(), not here.
    void send(const ParseRequest& request);

    /// Waits for the next record. Looks at `stop` every 50 ms. What the process writes to stderr is read and thrown away:
    /// Poppler's complaints quote the document.
    Received receive(std::chrono::milliseconds timeout, const std::stop_token& stop);

private:
    WorkerLink(pid_t pid, int requests, int records, int errors)
        : pid_(pid), requests_(requests), records_(records), errors_(errors) {}
    bool take_record(Received& received);
    bool read_records();
    void drain_errors();

    pid_t pid_;
    int requests_;
    int records_;
    int errors_;
    std::string buffer_;
    size_t error_bytes_ = 0;
};

} // namespace lectern

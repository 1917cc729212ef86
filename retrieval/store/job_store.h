// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What an add was doing: its paths and how each ended, so that a killed program goes on where it was. Thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "ingest/document/document.h"
#include "retrieval/store/database.h"
#include "retrieval/store/ids.h"

namespace lectern {

struct Job {
    JobId id{};
    std::string kind;    ///< "add"
    std::string options; ///< JSON, the caller's own
    bool finished = false;
    int64_t created_ms = 0;
};

struct JobItem {
    int ordinal = 0; ///< from 1, in the order added
    std::string path;
    bool named = false;             ///< by the user, not found in a folder
    std::optional<Outcome> outcome; ///< none: still to do
    std::optional<DocumentId> document;
    std::string message;
    bool operator==(const JobItem&) const = default;
};

class JobStore {
public:
    explicit JobStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<JobId> create(const std::string& kind, const std::string& options_json);
    /// More paths to do; those the job already has are left as they are.
    Result<void> add_paths(JobId job, std::span<const std::string> paths, bool named);
    Result<void> set_outcome(JobId job, const std::string& path, Outcome outcome, std::optional<DocumentId> document,
                             const std::string& message);
    Result<void> finish(JobId job);
    Result<void> remove(JobId job);

    Result<std::vector<Job>> unfinished() const; ///< oldest first
    Result<std::vector<JobItem>> items(JobId job) const;
    Result<std::vector<JobItem>> items_to_do(JobId job) const;

private:
    std::shared_ptr<Database> database_;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "retrieval/store/job_store.h"

#include <string_view>

#include "retrieval/store/library_rows.h"
#include "retrieval/store/sqlite.h"

namespace lectern {
namespace {

std::vector<JobItem> items_where(Database& database, JobId job, std::string_view condition) {
    auto connection = database.reader();
    Statement rows = connection->prepare(
        "SELECT ordinal, path, named, outcome, document, message FROM job_items WHERE job = ? AND " +
        std::string(condition) + " ORDER BY ordinal");
    std::vector<JobItem> items;
    rows.bind(job);
    while (rows.step()) {
        JobItem item{static_cast<int>(rows.integer(0)),
                     rows.text(1),
                     rows.integer(2) != 0,
                     std::nullopt,
                     std::nullopt,
                     rows.text(5)};
        if (!rows.is_null(3)) item.outcome = outcome_from(rows.text(3));
        if (!rows.is_null(4)) item.document = rows.id<DocumentId>(4);
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace

Result<JobId> JobStore::create(const std::string& kind, const std::string& options_json) {
    return guarded([&] {
        auto connection = database_->writer();
        connection->prepare("INSERT INTO jobs (kind, options, finished, created_ms) VALUES (?, ?, 0, ?)")
            .bind(kind, options_json, now_ms())
            .run();
        return static_cast<JobId>(connection->last_id());
    });
}

Result<void> JobStore::add_paths(JobId job, std::span<const std::string> paths, bool named) {
    return guarded([&] {
        auto connection = database_->writer();
        Transaction transaction(*connection);
        int64_t ordinal = connection->integer("SELECT max(ordinal) FROM job_items WHERE job = ?", job);
        Statement insert = connection->prepare(
            "INSERT INTO job_items (job, ordinal, path, named, message) VALUES (?, ?, ?, ?, '') ON CONFLICT "
            "(job, path) DO NOTHING");
        for (const std::string& path : paths) {
            const int64_t before = connection->total_changes();
            insert.bind(job, ordinal + 1, path, named).run();
            ordinal += connection->total_changes() - before;
        }
        transaction.commit();
    });
}

Result<void> JobStore::set_outcome(JobId job, const std::string& path, Outcome outcome,
                                   std::optional<DocumentId> document, const std::string& message) {
    return guarded([&] {
        auto connection = database_->writer();
        connection->prepare("UPDATE job_items SET outcome = ?, document = ?, message = ? WHERE job = ? AND path = ?")
            .bind(to_string(outcome), document, message, job, path)
            .run();
    });
}

Result<void> JobStore::finish(JobId job) {
    return guarded([&] { database_->writer()->prepare("UPDATE jobs SET finished = 1 WHERE id = ?").bind(job).run(); });
}

Result<void> JobStore::remove(JobId job) {
    return guarded([&] { database_->writer()->prepare("DELETE FROM jobs WHERE id = ?").bind(job).run(); });
}

Result<std::vector<Job>> JobStore::unfinished() const {
    return guarded([&] {
        auto connection = database_->reader();
        Statement rows = connection->prepare(
            "SELECT id, kind, options, finished, created_ms FROM jobs WHERE finished = 0 ORDER BY id");
        std::vector<Job> jobs;
        while (rows.step())
            jobs.push_back({rows.id<JobId>(0), rows.text(1), rows.text(2), rows.integer(3) != 0, rows.integer(4)});
        return jobs;
    });
}

Result<std::vector<JobItem>> JobStore::items(JobId job) const {
    return guarded([&] { return items_where(*database_, job, "TRUE"); });
}

Result<std::vector<JobItem>> JobStore::items_to_do(JobId job) const {
    return guarded([&] { return items_where(*database_, job, "outcome IS NULL"); });
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Adding files to a library: from a path to a document that search finds. One file after the other, on the caller's
/// thread; a killed add goes on at the first missing page when the file is added again or resumed.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/library_session.h"

namespace lectern {

struct AddedFileResult {
    std::string path;
    Outcome outcome = Outcome::Damaged;
    int64_t document = 0; ///< 0 if the library has no entry for it
    PageCounts pages;
    std::string message;  ///< a sentence where the outcome is not ready
    bool named = true;    ///< by the caller, not found inside a folder
};

struct AddProgressEvent {
    std::string path;
    int files_done = 0, files_total = 0;
    int pages_done = 0, pages_total = 0;
};

class FileAdder {
public:
    FileAdder(LibrarySession& session, std::function<void(const AddProgressEvent&)> progress)
        : session_(session), progress_(std::move(progress)) {}

    /// Files, and what lies in folders (hidden ones and symbolic links are passed over). `done` gets each result as it comes.
    /// Errors: only where nothing can go on at all (the library cannot be written, the parser is not installed).
    Result<void> add(const std::vector<std::filesystem::path>& paths, const std::string& password,
                     const std::function<void(const AddedFileResult&)>& done, std::stop_token stop);

    /// Documents whose adding was interrupted, read on to their end; one whose file has gone is given up and reported.
    Result<void> resume(const std::function<void(const AddedFileResult&)>& done, std::stop_token stop);

private:
    struct Item {
        std::filesystem::path path;
        bool named;
    };
    std::vector<Item> list(const std::vector<std::filesystem::path>& paths, std::vector<AddedFileResult>& refused) const;
    Result<AddedFileResult> add_file(const ParseProcess& parser, const std::filesystem::path& path, const std::string& password,
                                     std::stop_token stop);

    LibrarySession& session_;
    std::function<void(const AddProgressEvent&)> progress_;
    AddProgressEvent state_;
};

/// Ready, partial, duplicate or unchanged: what counts as success for a file that was named.
bool is_success(Outcome outcome);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Reads and renders documents in lectern-parse, a confined process that may die without harm. No parser is linked here.
///
///     auto parser = ParseProcess::find();
///     auto report = parser->extract("/a/contract.pdf", {}, sink, stop);   // pages go to sink in order
///     auto picture = parser->render("/a/contract.pdf", 3, 800, stop);
///
/// A ParseProcess is a value without state of its own; each call starts its own process (a few milliseconds) and ends it.
/// Any number of threads may call at once.
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "ingest/document/document.h"
#include "ingest/worker/parse_values.h"

namespace lectern {

struct ExtractOptions {
    int first_page = 1;   ///< to go on where an earlier run ended
    PageCounts before;    ///< of the pages before first_page; added to the report, so that the outcome is that of the whole file
    std::string password; ///< UTF-8
};

/// What became of a file. `message` is a sentence (which file, what is wrong, what to do); empty if there is nothing to say.
struct ExtractReport {
    Outcome outcome = Outcome::Damaged;
    std::string message;
    FileInfo info; ///< kind, pages, title, author; zero where the file could not be opened
    PageCounts pages;
};

/// Takes pages in order, on the thread that called extract().
class PageSink {
public:
    virtual ~PageSink() = default;
    /// Once, before the first page.
    virtual void document(const FileInfo& info) { (void)info; }
    /// False ends the extraction: its outcome is then Cancelled.
    virtual bool page(Page&& page) = 0;
};

struct ParseLimits {
    std::chrono::milliseconds open{30'000};
    std::chrono::milliseconds page{10'000};
    std::chrono::milliseconds render{20'000};
    uint64_t file_bytes = (2ull << 30) - 1;
};

class ParseProcess {
public:
    /// $LECTERN_LIBEXEC/lectern-parse, else ../lib/lectern/lectern-parse beside the running program; nowhere else.
    /// Errors: NotFound (the installation is incomplete).
    static Result<ParseProcess> find();
    explicit ParseProcess(std::filesystem::path program, ParseLimits limits = {});

    /// Whatever is wrong with the file is an outcome. A page on which the process crashes, hangs or runs out of memory comes
    /// as Failed, and the rest is read by a fresh process; after 5 such pages in a row, or 50, the rest is Failed unread.
    /// Stops within 200 ms. Errors: only where no process can be started (NotFound, NoPermission, Internal).
    Result<ExtractReport> extract(const std::filesystem::path& path, const ExtractOptions& options, PageSink& sink,
                                  std::stop_token stop) const;

    /// The page as shown (crop box, rotation applied), `width_px` wide (16 to 16,384), or narrower where the picture would
    /// pass 40 million pixels. Errors: NotFound (file or page), NoPermission, Locked, Damaged, Unsupported (text files have
    /// no paper), TooLarge, Cancelled.
    Result<PageImage> render(const std::filesystem::path& path, int page, int width_px, std::stop_token stop,
                             const std::string& password = {}) const;

private:
    std::filesystem::path program_;
    ParseLimits limits_;
};

} // namespace lectern

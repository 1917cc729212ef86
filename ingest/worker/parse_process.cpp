// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "ingest/worker/parse_process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/base/utf8.h"
#include "ingest/worker/protocol.h"
#include "ingest/worker/worker_link.h"

namespace lectern {
namespace {

using Event = WorkerLink::Event;

constexpr int kMaxCrashesInARow = 5;
constexpr int kMaxCrashes = 50;
constexpr int kInkProbes = 3;     // pages of a file without text that are looked at for ink
constexpr int kInkProbeWidth = 96;

std::string name_of(const std::filesystem::path& path) { return to_valid_utf8(path.string()); }

struct Refusal {
    Outcome outcome = Outcome::Damaged;
    std::string message;
};

/// An open regular file, or why there is none.
class DocumentFile {
public:
    DocumentFile(const std::filesystem::path& path, uint64_t limit) {
        const std::string name = name_of(path);
        fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd_ < 0) {
            refuse_by_errno(errno, name);
            return;
        }
        struct stat status {};
        if (::fstat(fd_, &status) != 0)
            refuse_by_errno(errno, name);
        else if (S_ISDIR(status.st_mode))
            refusal_ = {Outcome::Unsupported, fmt::format("{} is a folder; add the files in it.", name)};
        else if (!S_ISREG(status.st_mode))
            refusal_ = {Outcome::Unsupported, fmt::format("{} is not a regular file; save its content to a file and add that.", name)};
        else if (status.st_size == 0)
            refusal_ = {Outcome::Damaged, fmt::format("{} is empty (0 bytes); copy or download it again.", name)};
        else if (static_cast<uint64_t>(status.st_size) > limit)
            refusal_ = {Outcome::TooLarge, fmt::format("{} has {} MiB, more than the {} MiB that can be read; split it.", name,
                                                       status.st_size >> 20, limit >> 20)};
    }
    ~DocumentFile() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    DocumentFile(const DocumentFile&) = delete;
    DocumentFile& operator=(const DocumentFile&) = delete;

    int fd() const { return fd_; }
    bool refused() const { return !refusal_.message.empty(); }
    const Refusal& refusal() const { return refusal_; }

private:
    void refuse_by_errno(int code, const std::string& name) {
        if (code == ENOENT || code == ENOTDIR)
            refusal_ = {Outcome::NotFound, fmt::format("{} does not exist; check its name, or add it from where it is now.", name)};
        else if (code == EACCES || code == EPERM)
            refusal_ = {Outcome::NoPermission, fmt::format("{} may not be read by you; ask its owner or change its permissions.", name)};
        else
            refusal_ = {Outcome::Damaged, error_from_errno(code, "Cannot read", name).message};
    }
    int fd_ = -1;
    Refusal refusal_;
};

std::string unsupported_sentence(const std::string& name) {
    return fmt::format("{} is neither PDF nor plain text nor Markdown, whatever its name says; save or print it as PDF and add that.",
                       name);
}

Refusal refusal_of(ParseFailure failure, const std::string& name, bool tried_password) {
    switch (failure) {
    case ParseFailure::Locked:
        return {Outcome::Locked, tried_password
                                     ? fmt::format("{} is encrypted and the password does not open it; check the password.", name)
                                     : fmt::format("{} is encrypted; give its password.", name)};
    case ParseFailure::Damaged:
        return {Outcome::Damaged, fmt::format("{} is damaged beyond repair; get another copy of it.", name)};
    case ParseFailure::Unsupported: return {Outcome::Unsupported, unsupported_sentence(name)};
    case ParseFailure::TooLarge:
        return {Outcome::TooLarge, fmt::format("{} is larger than can be read (2 GiB, 64 MiB of plain text, {} pages); split it.",
                                               name, kMaxPages)};
    case ParseFailure::NoSuchPage: return {Outcome::Damaged, fmt::format("{} does not yield that page.", name)};
    case ParseFailure::OutOfMemory: break;
    }
    return {Outcome::Damaged, fmt::format("{} takes more memory than a document may; get another copy of it.", name)};
}

Refusal refusal_of_event(Event event, const std::string& name) {
    if (event == Event::Cancelled)
        return {Outcome::Cancelled, fmt::format("Reading {} was stopped.", name)};
    return {Outcome::Damaged, fmt::format("{} is damaged: reading it {}; get another copy of it, or print it to a new PDF.", name,
                                          event == Event::TimedOut ? "does not come to an end" : "fails")};
}

/// A process that has opened the document, or why it has not.
struct Opened {
    std::unique_ptr<WorkerLink> link;
    FileInfo info;
    Refusal refusal; ///< where link is null
};

Result<Opened> open_in_process(const std::filesystem::path& program, int fd, const std::string& name,
                               const std::string& password, std::chrono::milliseconds timeout, const std::stop_token& stop) {
    auto link = WorkerLink::start(program, fd);
    if (!link)
        return link.error();
    Opened opened;
    (*link)->send({RequestType::Open, password, 0, 0});
    const auto received = (*link)->receive(timeout, stop);
    if (received.event != Event::Record) {
        opened.refusal = refusal_of_event(received.event, name);
        return opened;
    }
    if (received.type == RecordType::Failure) {
        const auto failure = decode_failure(received.payload);
        opened.refusal = failure ? refusal_of(*failure, name, !password.empty()) : refusal_of_event(Event::Broken, name);
        return opened;
    }
    auto info = received.type == RecordType::Info ? decode_info(received.payload) : Result<FileInfo>(Error{});
    if (!info) {
        opened.refusal = refusal_of_event(Event::Broken, name);
        return opened;
    }
    opened.info = std::move(*info);
    opened.link = std::move(*link);
    return opened;
}

/// One extraction: pages in order, through as many processes as it takes.
class Extraction {
public:
    Extraction(const std::filesystem::path& program, const ParseLimits& limits, int fd, std::string name,
               const ExtractOptions& options, PageSink& sink, std::stop_token stop)
        : program_(program), limits_(limits), fd_(fd), name_(std::move(name)), options_(options), sink_(sink),
          stop_(std::move(stop)), next_(std::max(1, options.first_page)) {
        report_.pages = options.before;
    }

    Result<ExtractReport> run() {
        bool more = true;
        while (more) {
            auto opened = open_in_process(program_, fd_, name_, options_.password, limits_.open, stop_);
            if (!opened)
                return opened.error();
            if (!opened->link) {
                if (started_ && opened->refusal.outcome == Outcome::Damaged)
                    give_up(); // opened before, not again: what has been read stays
                else
                    end(opened->refusal);
                return finish();
            }
            if (started_ && !(opened->info == report_.info)) {
                end({Outcome::Damaged, fmt::format("{} changed while it was read; add it again.", name_)});
                return finish();
            }
            if (!started_) {
                started_ = true;
                report_.info = opened->info;
                sink_.document(report_.info);
            }
            more = read_pages(*opened->link);
        }
        return finish();
    }

private:
    /// True if a fresh process is to go on.
    bool read_pages(WorkerLink& link) {
        if (next_ > report_.info.pages)
            return false;
        link.send({RequestType::Extract, {}, next_, 0});
        while (next_ <= report_.info.pages) {
            auto received = link.receive(limits_.page, stop_);
            if (received.event == Event::Cancelled) {
                end(refusal_of_event(Event::Cancelled, name_));
                return false;
            }
            if (received.event == Event::Record && received.type == RecordType::Page) {
                auto page = decode_page(received.payload);
                if (page && page->number == next_) {
                    in_a_row_ = 0;
                    if (!deliver(std::move(*page)))
                        return false;
                    continue;
                }
                received.event = Event::Broken;
            }
            return after_crash(received.event);
        }
        return false;
    }

    bool after_crash(Event event) {
        log("ingest").warning(fmt::format("page {} of {}: the parse process {}", next_, report_.info.pages,
                                          event == Event::TimedOut ? "was too slow" : "ended"));
        if (!deliver_failed())
            return false;
        if (++in_a_row_ >= kMaxCrashesInARow || ++crashes_ >= kMaxCrashes) {
            give_up();
            return false;
        }
        return next_ <= report_.info.pages;
    }

    void give_up() {
        while (next_ <= report_.info.pages && deliver_failed()) {
        }
    }

    bool deliver_failed() {
        Page page;
        page.number = next_;
        page.label = std::to_string(next_);
        page.source = PageSource::Failed;
        return deliver(std::move(page));
    }

    bool deliver(Page&& page) {
        switch (page.source) {
        case PageSource::Text: ++report_.pages.text; break;
        case PageSource::Ocr: ++report_.pages.ocr; break;
        case PageSource::Blank: ++report_.pages.blank; break;
        case PageSource::Failed: ++report_.pages.failed; break;
        }
        ++next_;
        if (sink_.page(std::move(page)))
            return true;
        end(refusal_of_event(Event::Cancelled, name_));
        return false;
    }

    void end(Refusal refusal) {
        report_.outcome = refusal.outcome;
        report_.message = std::move(refusal.message);
        ended_ = true;
    }

    /// The outcome of a file all of whose pages have been asked for.
    ExtractReport finish() {
        if (ended_)
            return std::move(report_);
        const PageCounts& p = report_.pages;
        const int readable = p.text + p.ocr;
        if (report_.info.pages == 0)
            end({Outcome::Damaged, fmt::format("{} is damaged: it has no pages; get another copy of it.", name_)});
        else if (readable > 0 && p.failed > 0)
            end({Outcome::Partial, fmt::format("{}: {} of {} pages could not be read; the others are there.", name_, p.failed, p.all())});
        else if (readable > 0 && p.blank > 0)
            end({Outcome::Ready, fmt::format("{}: {} of {} pages have no text; if they are scans, they cannot be searched yet.", name_,
                                             p.blank, p.all())});
        else if (readable > 0)
            end({Outcome::Ready, {}});
        else if (p.failed > 0)
            end({Outcome::Damaged, fmt::format("{} is damaged: none of its {} pages can be read; get another copy of it.", name_,
                                               report_.info.pages)});
        else if (has_ink())
            end({Outcome::Empty, fmt::format("{} has no text: it looks like a scan, and scans cannot be read yet; "
                                             "add a copy with recognised text.", name_)});
        else
            end({Outcome::Empty, fmt::format("{} has no text: its pages are blank.", name_)});
        return std::move(report_);
    }

    /// Whether one of a few pages, rendered small, shows more than paper.
    bool has_ink() const {
        if (report_.info.kind != FileKind::Pdf)
            return false;
        const int pages = report_.info.pages;
        auto opened = open_in_process(program_, fd_, name_, options_.password, limits_.open, stop_);
        if (!opened || !opened->link)
            return true;
        for (int i = 0; i < std::min(pages, kInkProbes); ++i) {
            const int page = 1 + static_cast<int>(static_cast<int64_t>(i) * (pages - 1) / std::max(1, std::min(pages, kInkProbes) - 1));
            opened->link->send({RequestType::Render, {}, page, kInkProbeWidth});
            auto received = opened->link->receive(limits_.render, stop_);
            if (received.event != Event::Record)
                return true; // what cannot be drawn is not blank
            if (received.type != RecordType::Image)
                continue;
            const auto image = decode_image(std::move(received.payload));
            if (image && std::any_of(image->rgb.begin(), image->rgb.end(), [](char c) { return static_cast<unsigned char>(c) < 0xE0; }))
                return true;
        }
        return false;
    }

    const std::filesystem::path& program_;
    const ParseLimits& limits_;
    int fd_;
    std::string name_;
    const ExtractOptions& options_;
    PageSink& sink_;
    std::stop_token stop_;
    int next_;
    bool started_ = false;
    bool ended_ = false;
    int in_a_row_ = 0;
    int crashes_ = 0;
    ExtractReport report_;
};

ErrorKind error_kind(Outcome outcome) {
    switch (outcome) {
    case Outcome::Locked: return ErrorKind::Locked;
    case Outcome::Unsupported: return ErrorKind::Unsupported;
    case Outcome::TooLarge: return ErrorKind::TooLarge;
    case Outcome::NoPermission: return ErrorKind::NoPermission;
    case Outcome::NotFound: return ErrorKind::NotFound;
    case Outcome::Cancelled: return ErrorKind::Cancelled;
    default: return ErrorKind::Damaged;
    }
}

Error as_error(const Refusal& refusal) { return {error_kind(refusal.outcome), refusal.message}; }

} // namespace

Result<ParseProcess> ParseProcess::find() {
    std::filesystem::path folder;
    if (const char* libexec = std::getenv("LECTERN_LIBEXEC"); libexec && *libexec) {
        folder = libexec;
    } else {
        std::error_code failed;
        const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
        if (failed)
            return Error{ErrorKind::NotFound, "Cannot find out where this program lies; set LECTERN_LIBEXEC to the folder of lectern-parse."};
        folder = self.parent_path().parent_path() / "lib" / "lectern";
    }
    const auto program = folder / "lectern-parse";
    if (::access(program.c_str(), X_OK) != 0)
        return Error{ErrorKind::NotFound, fmt::format("{} is missing; install Lectern again.", name_of(program))};
    return ParseProcess(program);
}

ParseProcess::ParseProcess(std::filesystem::path program, ParseLimits limits)
    : program_(std::move(program)), limits_(limits) {}

Result<ExtractReport> ParseProcess::extract(const std::filesystem::path& path, const ExtractOptions& options, PageSink& sink,
                                            std::stop_token stop) const {
    const DocumentFile file(path, limits_.file_bytes);
    if (file.refused())
        return ExtractReport{file.refusal().outcome, file.refusal().message, {}, {}};
    if (options.password.size() > kMaxPasswordBytes)
        return ExtractReport{Outcome::Locked, fmt::format("{} is not opened by a password that long; check the password.", name_of(path)), {}, {}};
    return Extraction(program_, limits_, file.fd(), name_of(path), options, sink, std::move(stop)).run();
}

Result<PageImage> ParseProcess::render(const std::filesystem::path& path, int page, int width_px, std::stop_token stop,
                                       const std::string& password) const {
    const std::string name = name_of(path);
    const DocumentFile file(path, limits_.file_bytes);
    if (file.refused())
        return as_error(file.refusal());
    if (password.size() > kMaxPasswordBytes)
        return Error{ErrorKind::Locked, fmt::format("{} is not opened by a password that long; check the password.", name)};
    auto opened = open_in_process(program_, file.fd(), name, password, limits_.open, stop);
    if (!opened)
        return opened.error();
    if (!opened->link)
        return as_error(opened->refusal);
    if (page < 1 || page > opened->info.pages)
        return Error{ErrorKind::NotFound, fmt::format("{} has {} pages; there is no page {}.", name, opened->info.pages, page)};
    opened->link->send({RequestType::Render, {}, page, std::clamp(width_px, 16, kMaxImageSide)});
    auto received = opened->link->receive(limits_.render, stop);
    if (received.event == Event::Record && received.type == RecordType::Image)
        if (auto image = decode_image(std::move(received.payload)))
            return std::move(*image);
    if (received.event == Event::Record && received.type == RecordType::Failure)
        if (const auto failure = decode_failure(received.payload); failure && *failure == ParseFailure::Unsupported)
            return Error{ErrorKind::Unsupported, fmt::format("{} is a text file: it has no pages to draw; show its text.", name)};
    if (received.event == Event::Cancelled)
        return as_error(refusal_of_event(Event::Cancelled, name));
    return Error{ErrorKind::Damaged, fmt::format("Page {} of {} cannot be drawn; get another copy of the file.", page, name)};
}

} // namespace lectern

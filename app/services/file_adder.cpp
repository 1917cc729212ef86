// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/services/file_adder.h"

#include <sys/stat.h>

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/utf8.h"
#include "ingest/structure/document_builder.h"

namespace lectern {
namespace fs = std::filesystem;
namespace {

// Raised when the same bytes would be read to other pages or chunks: stored with each document.
constexpr const char* kExtractor = "lectern-parse-1";

Outcome outcome_of(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::NotFound: return Outcome::NotFound;
    case ErrorKind::NoPermission: return Outcome::NoPermission;
    case ErrorKind::DiskFull: return Outcome::DiskFull;
    case ErrorKind::Cancelled: return Outcome::Cancelled;
    case ErrorKind::TooLarge: return Outcome::TooLarge;
    case ErrorKind::Unsupported: return Outcome::Unsupported;
    case ErrorKind::Locked: return Outcome::Locked;
    default: return Outcome::Damaged;
    }
}

PageCounts counts_of(std::span<const Page> pages) {
    PageCounts counts;
    for (const Page& page : pages) {
        switch (page.source) {
        case PageSource::Text: ++counts.text; break;
        case PageSource::Ocr: ++counts.ocr; break;
        case PageSource::Blank: ++counts.blank; break;
        case PageSource::Failed: ++counts.failed; break;
        }
    }
    return counts;
}

/// "page 3", "pages 3, 5 and 7", "pages 1, 2, 3, 4, 5, 6, 7, 8 and 40 more".
std::string named_pages(const std::vector<int>& pages) {
    constexpr size_t kNamed = 8;
    if (pages.size() == 1) return fmt::format("page {}", pages[0]);
    const bool all = pages.size() <= kNamed + 1;
    const size_t listed = all ? pages.size() - 1 : kNamed;
    std::string text = "pages ";
    for (size_t i = 0; i < listed; ++i) text += fmt::format("{}{}", i ? ", " : "", pages[i]);
    return text + (all ? fmt::format(" and {}", pages.back()) : fmt::format(" and {} more", pages.size() - listed));
}

/// Pages from the parse process into the library, by way of the builder.
class StoringSink : public PageSink {
public:
    StoringSink(Library& library, const DocumentDraft& draft, std::vector<Page> stored, std::stop_token stop,
                std::function<void(int done, int total)> progress)
        : library_(library), draft_(draft), stored_(std::move(stored)), stop_(stop), progress_(std::move(progress)) {}

    void document(const FileInfo& info) override {
        info_ = info;
        draft_.kind = std::string(to_string(info.kind));
        auto id = library_.begin_document(draft_);
        if (!id) {
            error = id.error();
            return;
        }
        document_id = *id;
        builder_.emplace(info.kind);
        done_ = int(stored_.size());
        for (const Page& page : stored_)
            if (page.source == PageSource::Failed) failed_pages.push_back(page.number);
        for (Page& page : stored_) builder_->add(std::move(page)); // decides again what was decided; append() skips it
        stored_.clear();
        store();
    }

    bool page(Page&& page) override {
        if (error || !builder_) return false;
        if (page.source == PageSource::Failed) failed_pages.push_back(page.number);
        builder_->add(std::move(page));
        ++done_;
        store();
        if (progress_) progress_(done_, info_.pages);
        return !error && !stop_.stop_requested();
    }

    void finish() {
        if (!builder_ || error) return;
        builder_->finish();
        store();
    }

    std::optional<Error> error;
    std::optional<DocumentId> document_id;
    std::vector<int> failed_pages;

private:
    void store() {
        const auto pages = builder_->take_pages();
        const auto sections = builder_->take_sections();
        const auto chunks = builder_->take_chunks();
        if (pages.empty() && sections.empty() && chunks.empty()) return;
        if (auto appended = library_.append(*document_id, pages, sections, chunks, stop_); !appended) error = appended.error();
    }

    Library& library_;
    DocumentDraft draft_;
    std::vector<Page> stored_;
    std::stop_token stop_;
    std::function<void(int, int)> progress_;
    FileInfo info_;
    std::optional<DocumentBuilder> builder_;
    int done_ = 0;
};

} // namespace

bool is_success(Outcome outcome) {
    return outcome == Outcome::Ready || outcome == Outcome::Partial || outcome == Outcome::Duplicate ||
           outcome == Outcome::Unchanged;
}

std::vector<FileAdder::Item> FileAdder::list(const std::vector<fs::path>& paths, std::vector<AddedFileResult>& refused) const {
    std::vector<Item> items;
    const auto refuse = [&](const fs::path& path, const std::error_code& ec, bool named) {
        const Error error = error_from_errno(ec.value(), "Cannot list the folder", path.string());
        refused.push_back({path.string(), outcome_of(error.kind), 0, {}, error.message, named});
    };
    for (const fs::path& given : paths) {
        std::error_code ec;
        const fs::path path = fs::absolute(given, ec).lexically_normal();
        if (!fs::is_directory(path, ec)) {
            items.push_back({path, true}); // whatever is wrong with it is found when it is read
            continue;
        }
        std::vector<fs::path> files, folders = {path};
        while (!folders.empty()) {
            const fs::path folder = std::move(folders.back());
            folders.pop_back();
            fs::directory_iterator entry(folder, ec);
            if (ec) refuse(folder, ec, folder == path);
            for (; !ec && entry != fs::directory_iterator(); entry.increment(ec)) {
                if (entry->path().filename().string().starts_with(".") || entry->is_symlink(ec)) continue;
                if (entry->is_directory(ec)) folders.push_back(entry->path());
                else if (entry->is_regular_file(ec)) files.push_back(entry->path());
            }
        }
        std::sort(files.begin(), files.end());
        for (fs::path& file : files) items.push_back({std::move(file), false});
    }
    return items;
}

Result<void> FileAdder::add(const std::vector<fs::path>& paths, const std::string& password,
                            const std::function<void(const AddedFileResult&)>& done, std::stop_token stop) {
    const auto parser = session_.parser();
    if (!parser) return parser.error();
    std::vector<AddedFileResult> refused;
    const std::vector<Item> items = list(paths, refused);
    for (const AddedFileResult& result : refused) done(result);
    state_ = {};
    state_.files_total = int(items.size());
    for (const Item& item : items) {
        auto result = add_file(*parser, item.path, password, stop);
        if (!result) return result.error();
        result->named = item.named;
        ++state_.files_done;
        done(*result);
        if (stop.stop_requested() || result->outcome == Outcome::DiskFull) break;
    }
    return session_.library().erase_removed(stop);
}

Result<void> FileAdder::resume(const std::function<void(const AddedFileResult&)>& done, std::stop_token stop) {
    const auto arriving = session_.library().arriving_documents();
    if (!arriving) return arriving.error();
    if (arriving->empty()) return {};
    const auto parser = session_.parser();
    if (!parser) return parser.error();
    state_ = {};
    state_.files_total = int(arriving->size());
    for (const DocumentInfo& document : *arriving) {
        auto result = add_file(*parser, document.path, {}, stop);
        if (!result) return result.error();
        ++state_.files_done;
        // The file is gone, locked or another one now: what was read of it does not become a document.
        if (!is_success(result->outcome) && result->outcome != Outcome::Cancelled && result->outcome != Outcome::DiskFull) {
            const DocumentId id[] = {document.id};
            if (auto removed = session_.remove(id, stop); !removed) return removed;
        }
        done(*result);
        if (stop.stop_requested()) break;
    }
    return {};
}

Result<AddedFileResult> FileAdder::add_file(const ParseProcess& parser, const fs::path& path, const std::string& password,
                                            std::stop_token stop) {
    AddedFileResult result;
    result.path = to_valid_utf8(path.string());
    state_.path = result.path;
    state_.pages_done = state_.pages_total = 0;
    if (progress_) progress_(state_);
    const auto refused = [&](const Error& error) {
        result.outcome = outcome_of(error.kind);
        result.message = error.message;
        return result;
    };
    Library& library = session_.library();

    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return refused(error_from_errno(errno, "Cannot open", result.path));
    DocumentDraft draft;
    draft.path = result.path;
    draft.name = to_valid_utf8(path.filename().string());
    draft.bytes = uint64_t(info.st_size);
    draft.mtime_ns = int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
    draft.extractor = kExtractor;

    const auto known = library.find_by_path(draft.path);
    if (!known) return known.error();
    const auto complete = std::find_if(known->begin(), known->end(), [](const DocumentInfo& d) { return !d.arriving; });
    const auto unchanged = [&] {
        result.outcome = Outcome::Unchanged;
        result.document = number(complete->id);
        result.pages = complete->counts;
        return result;
    };
    if (complete != known->end() && complete->bytes == draft.bytes && complete->mtime_ns == draft.mtime_ns) return unchanged();
    if (S_ISREG(info.st_mode)) {
        const auto hash = hash_file(path, stop);
        if (!hash) return refused(hash.error());
        draft.hash = *hash;
    }
    if (complete != known->end() && complete->hash == draft.hash) {
        if (auto touched = library.set_mtime(complete->id, draft.mtime_ns); !touched) return touched.error();
        return unchanged();
    }
    if (complete != known->end()) draft.replaces = complete->id;
    const auto same = library.find_by_hash(draft.hash);
    if (!same) return same.error();
    for (const DocumentInfo& other : *same) {
        if (other.arriving || other.path == draft.path) continue;
        result.outcome = Outcome::Duplicate;
        result.document = number(other.id);
        result.pages = other.counts;
        result.message = fmt::format("{} has the same content as {}, which is in the library already.", result.path, other.path);
        return result;
    }

    std::vector<Page> stored; // of an interrupted add of this very content
    for (const DocumentInfo& other : *known)
        if (other.arriving && other.hash == draft.hash && other.extractor == draft.extractor) {
            auto pages = library.stored_pages(other.id);
            if (!pages) return pages.error();
            stored = std::move(*pages);
        }
    ExtractOptions options;
    options.password = password;
    options.first_page = int(stored.size()) + 1;
    options.before = counts_of(stored);
    StoringSink sink(library, draft, std::move(stored), stop, [&](int done, int total) {
        state_.pages_done = done;
        state_.pages_total = total;
        if (progress_) progress_(state_);
    });
    auto report = parser.extract(path, options, sink, stop);
    if (!report) return report.error();
    if (report->outcome != Outcome::Cancelled) sink.finish();
    if (sink.error) return refused(*sink.error);
    result.outcome = report->outcome;
    result.pages = report->pages;
    result.message = report->message;
    if (report->outcome == Outcome::Partial && !sink.failed_pages.empty())
        result.message = fmt::format("{}: {} of {} could not be read; the others are there.", result.path,
                                     named_pages(sink.failed_pages), report->pages.all());
    if (!sink.document_id || report->outcome == Outcome::Cancelled) return result; // what is stored waits for a resume
    if (report->outcome == Outcome::Ready || report->outcome == Outcome::Partial) {
        const auto replaced = library.finish_document(*sink.document_id, {report->outcome, report->pages, report->info.title, result.message});
        if (!replaced) return refused(replaced.error());
        result.document = number(*sink.document_id);
        if (!password.empty()) session_.remember_password(result.path, password);
        log("app").info(fmt::format("added document {}: {} pages, {}", result.document, result.pages.all(), to_string(result.outcome)));
        return result;
    }
    const DocumentId id[] = {*sink.document_id};
    if (auto removed = session_.remove(id, stop); !removed) return removed.error();
    return result;
}

} // namespace lectern

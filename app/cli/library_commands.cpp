// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// lectern-cli library add|list|text|remove|verify|rebuild, and search.
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/open_library.h"
#include "app/services/file_adder.h"
#include "engine/base/file.h"

namespace lectern::cli {
namespace {

using Json = nlohmann::ordered_json;

void print(const Json& json) {
    std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

Json box_json(const PageBox& b) { return {b.page, b.box.x0, b.box.y0, b.box.x1, b.box.y1}; }

struct AddOptions {
    LibraryOptions library;
    std::vector<std::string> paths;
    std::string password_file;
};

std::string summary(const AddedFileResult& r) {
    std::string line = fmt::format("{}: {}", r.path, to_string(r.outcome));
    if (r.pages.all() > 0) {
        line += fmt::format(", {} {}: {} text", r.pages.all(), r.pages.all() == 1 ? "page" : "pages", r.pages.text);
        if (r.pages.ocr) line += fmt::format(", {} read by OCR", r.pages.ocr);
        if (r.pages.blank) line += fmt::format(", {} blank", r.pages.blank);
        if (r.pages.failed) line += fmt::format(", {} failed", r.pages.failed);
    }
    if (!r.message.empty()) line += fmt::format("\n    {}", r.message);
    return line;
}

int add_command(const AddOptions& o) {
    const bool json = o.library.common.json;
    std::string password;
    if (!o.password_file.empty()) {
        auto text = read_file(o.password_file, 4096);
        if (!text) return fail(text.error(), json);
        password = text->substr(0, text->find_first_of("\r\n"));
    }
    const auto session = open_library(o.library, Access::Write);
    if (!session) return fail(session.error(), json);
    const bool terminal = ::isatty(STDERR_FILENO);
    const auto show = [&](const AddProgressEvent& p) {
        if (terminal && p.pages_total > 0)
            std::fprintf(stderr, "\r\033[K%d of %d: %s, page %d of %d", p.files_done + 1, p.files_total, p.path.c_str(), p.pages_done, p.pages_total);
    };
    FileAdder adder(**session, show);
    Json files = Json::array();
    bool good = true;
    const auto done = [&](const AddedFileResult& r) {
        if (terminal) std::fprintf(stderr, "\r\033[K");
        if (r.named && !is_success(r.outcome)) good = false;
        if (!json) {
            std::printf("%s\n", summary(r).c_str());
            std::fflush(stdout);
        }
        files.push_back({{"path", r.path}, {"outcome", to_string(r.outcome)}, {"document", nullptr}, {"pages", r.pages.all()},
                         {"pages_text", r.pages.text}, {"pages_ocr", r.pages.ocr}, {"pages_blank", r.pages.blank},
                         {"pages_failed", r.pages.failed}, {"message", r.message}});
        if (r.document) files.back()["document"] = r.document;
    };
    std::vector<std::filesystem::path> paths(o.paths.begin(), o.paths.end());
    const auto added = adder.add(paths, password, done, interrupt_token());
    if (json) print({{"files", files}});
    if (!added) return fail(added.error(), false);
    const auto embedded = (*session)->embed_pending(
        [&](int64_t n, int64_t total) {
            if (terminal) std::fprintf(stderr, "\r\033[Kgiving vectors to passages: %lld of %lld", (long long)n, (long long)total);
        },
        interrupt_token());
    if (terminal) std::fprintf(stderr, "\r\033[K");
    if (!embedded && embedded.error().kind != ErrorKind::Cancelled) return fail(embedded.error(), false);
    if (!(*session)->encoder_note().empty()) std::fprintf(stderr, "%s\n", (*session)->encoder_note().c_str());
    return good && !interrupt_token().stop_requested() ? kDone : kFailed;
}

int list_command(const LibraryOptions& o) {
    const auto session = open_library(o, Access::Read);
    if (!session) return fail(session.error(), o.common.json);
    const auto documents = (*session)->library().list();
    if (!documents) return fail(documents.error(), o.common.json);
    Json list = Json::array();
    for (const DocumentInfo& d : *documents) {
        const std::string outcome(d.arriving ? "arriving" : to_string(d.outcome));
        if (!o.common.json) std::printf("%lld\t%s\t%d pages\t%s\n", (long long)number(d.id), outcome.c_str(), d.counts.all(), d.name.c_str());
        list.push_back({{"id", number(d.id)}, {"name", d.name}, {"path", d.path}, {"kind", d.kind}, {"pages", d.counts.all()},
                        {"outcome", to_string(d.outcome)}, {"arriving", d.arriving}, {"bytes", d.bytes}, {"states", Json::array()}});
    }
    if (o.common.json) print({{"documents", list}});
    return kDone;
}

struct TextOptions {
    LibraryOptions library;
    int64_t document = 0;
    int page = 0;
};

Json page_json(const Page& page) {
    Json blocks = Json::array(), words = Json::array();
    const auto box = [](const Box& b) { return Json{b.x0, b.y0, b.x1, b.y1}; };
    for (const Block& b : page.blocks)
        blocks.push_back({{"kind", to_string(b.kind)}, {"text", page.text.substr(b.start, b.end - b.start)}, {"box", box(b.box)}});
    for (const Word& word : page.words)
        words.push_back({{"text", page.text.substr(word.start, word.end - word.start)}, {"box", box(word.box)}});
    return {{"page", page.number}, {"page_label", page.label}, {"source", to_string(page.source)}, {"text", page.text},
            {"blocks", blocks}, {"words", words}};
}

int text_command(const TextOptions& o) {
    const bool json = o.library.common.json;
    const auto session = open_library(o.library, Access::Read);
    if (!session) return fail(session.error(), json);
    Library& library = (*session)->library();
    const auto id = DocumentId(o.document);
    const auto document = library.document(id);
    if (!document) return fail(document.error(), json);
    if (!*document) return fail({ErrorKind::NotFound, fmt::format("There is no document {} in the library.", o.document)}, json);
    if (o.page > (*document)->counts.all())
        return fail({ErrorKind::NotFound, fmt::format("{} has {} pages.", (*document)->name, (*document)->counts.all())}, json);
    Json pages = Json::array();
    constexpr int kBatch = 64;
    const int last = o.page ? o.page : (*document)->counts.all();
    for (int first = o.page ? o.page : 1; first <= last; first += kBatch) {
        const auto batch = library.pages(id, first, std::min(kBatch, last - first + 1));
        if (!batch) return fail(batch.error(), json);
        for (const Page& page : *batch) {
            if (json) pages.push_back(page_json(page));
            else std::printf("%s%s\n", page.number > 1 && !o.page ? "\f" : "", page.text.c_str());
        }
    }
    if (json) print({{"pages", pages}});
    return kDone;
}

struct RemoveOptions {
    LibraryOptions library;
    std::vector<int64_t> documents;
};

int remove_command(const RemoveOptions& o) {
    const bool json = o.library.common.json;
    const auto session = open_library(o.library, Access::Write);
    if (!session) return fail(session.error(), json);
    std::vector<DocumentId> ids;
    for (const int64_t n : o.documents) {
        const auto document = (*session)->library().document(DocumentId(n));
        if (!document) return fail(document.error(), json);
        if (!*document) return fail({ErrorKind::NotFound, fmt::format("There is no document {} in the library; nothing was removed.", n)}, json);
        ids.push_back(DocumentId(n));
    }
    if (auto removed = (*session)->remove(ids, interrupt_token()); !removed) return fail(removed.error(), json);
    std::fprintf(stderr, "%zu removed\n", ids.size());
    return kDone;
}

int verify_command(const LibraryOptions& o) {
    auto session = open_library(o, Access::Write); // the word index's inside needs it
    if (!session && session.error().kind == ErrorKind::Busy) session = open_library(o, Access::Read);
    if (!session) return fail(session.error(), o.common.json);
    const auto problems = (*session)->library().verify(interrupt_token());
    if (!problems) return fail(problems.error(), o.common.json);
    Json list = Json::array();
    for (const Problem& p : *problems) {
        list.push_back({{"what", p.what}, {"where", p.where}, {"repair", p.repair}});
        if (!o.common.json) std::printf("%s: %s\n    %s\n", p.where.c_str(), p.what.c_str(), p.repair.c_str());
    }
    if (o.common.json) print({{"ok", problems->empty()}, {"problems", list}});
    else if (problems->empty()) std::printf("The library is sound.\n");
    return problems->empty() ? kDone : kFailed;
}

struct RebuildOptions {
    LibraryOptions library;
    std::string only;
};

int rebuild_command(const RebuildOptions& o) {
    const bool json = o.library.common.json;
    const auto session = open_library(o.library, Access::Write);
    if (!session) return fail(session.error(), json);
    if (o.only != "vectors")
        if (auto done = (*session)->library().rebuild(Rebuild::Words, interrupt_token()); !done) return fail(done.error(), json);
    if (o.only != "words") {
        if (auto done = (*session)->library().rebuild(Rebuild::Vectors, interrupt_token()); !done) return fail(done.error(), json);
        if (auto done = (*session)->embed_pending({}, interrupt_token()); !done) return fail(done.error(), json);
    }
    return kDone;
}

struct SearchOptions {
    LibraryOptions library;
    std::string query, mode = "hybrid";
    int k = 10;
};

int search_command(const SearchOptions& o) {
    const bool json = o.library.common.json;
    const auto session = open_library(o.library, Access::Read);
    if (!session) return fail(session.error(), json);
    Query query;
    query.text = o.query;
    query.k = o.k;
    query.mode = o.mode == "lexical" ? Mode::Lexical : o.mode == "vector" ? Mode::Vector : Mode::Hybrid;
    const auto result = (*session)->search(query, interrupt_token());
    if (!result) return fail(result.error(), json);
    if (!result->note.empty()) std::fprintf(stderr, "%s\n", result->note.c_str());
    Json passages = Json::array();
    int rank = 0;
    for (const Passage& p : result->passages) {
        Json boxes = Json::array();
        for (const PageBox& b : p.boxes) boxes.push_back(box_json(b));
        passages.push_back({{"document", number(p.document)}, {"name", p.name}, {"page", p.first_page}, {"page_label", p.page_label},
                            {"section", p.section}, {"score", p.score}, {"text", p.text}, {"boxes", boxes}, {"start", p.start}, {"end", p.end}});
        if (!json) std::printf("%d. %s, p. %s%s%s\n%s\n\n", ++rank, p.name.c_str(), p.page_label.c_str(), p.section.empty() ? "" : ", ", p.section.c_str(), p.text.c_str());
    }
    if (json) print({{"passages", passages}, {"mode", to_string(result->mode_used)}, {"note", result->note}});
    else if (result->passages.empty()) std::printf("Nothing was found.\n");
    return kDone;
}

} // namespace

void add_library_commands(CLI::App& app, Action& action) {
    CLI::App* library = app.add_subcommand("library", "Documents: add, list, show, remove, verify");
    library->require_subcommand(1);

    static AddOptions add;
    CLI::App* c = library->add_subcommand("add", "Read files and folders into the library; goes on where an interrupted add ended");
    add_library_option(*c, add.library);
    c->add_option("PATH", add.paths, "Files and folders")->required();
    c->add_option("--password-file", add.password_file, "A file whose first line opens locked documents");
    c->callback([&action] { action = [] { return add_command(add); }; });

    static LibraryOptions list;
    c = library->add_subcommand("list", "What is in the library");
    add_library_option(*c, list);
    c->callback([&action] { action = [] { return list_command(list); }; });

    static TextOptions text;
    c = library->add_subcommand("text", "A document's text as it was read");
    add_library_option(*c, text.library);
    c->add_option("DOC", text.document, "The document's number")->required();
    c->add_option("--page", text.page, "Only this page")->check(CLI::PositiveNumber);
    c->callback([&action] { action = [] { return text_command(text); }; });

    static RemoveOptions remove;
    c = library->add_subcommand("remove", "Remove documents and erase their text; the files themselves stay");
    add_library_option(*c, remove.library);
    c->add_option("DOC", remove.documents, "The documents' numbers")->required();
    c->callback([&action] { action = [] { return remove_command(remove); }; });

    static LibraryOptions verify;
    c = library->add_subcommand("verify", "Look whether everything in the library is sound");
    add_library_option(*c, verify);
    c->callback([&action] { action = [] { return verify_command(verify); }; });

    static RebuildOptions rebuild;
    c = library->add_subcommand("rebuild", "Make the search indexes anew from the documents");
    add_library_option(*c, rebuild.library);
    c->add_option("--only", rebuild.only, "words or vectors")->check(CLI::IsMember({"words", "vectors"}));
    c->callback([&action] { action = [] { return rebuild_command(rebuild); }; });

    static SearchOptions search;
    c = app.add_subcommand("search", "Passages that fit a question best");
    add_library_option(*c, search.library);
    c->add_option("QUERY", search.query)->required();
    c->add_option("-k", search.k, "How many passages")->check(CLI::Range(1, 1000));
    c->add_option("--mode", search.mode, "hybrid, lexical or vector")->check(CLI::IsMember({"hybrid", "lexical", "vector"}));
    c->callback([&action] { action = [] { return search_command(search); }; });
}

} // namespace lectern::cli

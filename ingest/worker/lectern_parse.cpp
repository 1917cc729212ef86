// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// lectern-parse: reads one document that is given as file descriptor 3, confined, and answers requests from standard input
/// with records on standard output. docs/parse_protocol.md. Not meant to be started by hand.

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "ingest/worker/confinement.h"
#include "ingest/worker/extractor.h"
#include "ingest/worker/fault.h"
#include "ingest/worker/protocol.h"

namespace lectern {
namespace {

constexpr int kExitUsage = 2;
constexpr int kExitUnconfined = 3;
constexpr int kExitParser = 4;

bool read_exactly(int fd, char* to, size_t size) {
    while (size > 0) {
        const ssize_t got = ::read(fd, to, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size -= static_cast<size_t>(got);
    }
    return true;
}

bool send(const std::string& record) {
    const char* from = record.data();
    size_t size = record.size();
    while (size > 0) {
        const ssize_t put = ::write(STDOUT_FILENO, from, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        from += put;
        size -= static_cast<size_t>(put);
    }
    return true;
}

/// Serves requests until the other side closes or something cannot be answered. False: end with an error.
class Server {
public:
    explicit Server(std::span<const char> document) : bytes_(document) {}

    bool serve_one() {
        std::byte header[kRecordHeaderBytes];
        if (!read_exactly(STDIN_FILENO, reinterpret_cast<char*>(header), sizeof(header)))
            return false;
        RequestType type{};
        const auto size = decode_request_header(header, type);
        if (!size)
            return false;
        std::string payload(*size, '\0');
        if (!read_exactly(STDIN_FILENO, payload.data(), payload.size()))
            return false;
        const auto request = decode_request(type, payload);
        if (!request)
            return false;
        renew_cpu_limit();
        switch (request->type) {
        case RequestType::Open: return open(request->password);
        case RequestType::Extract: return document_ && extract(request->page);
        case RequestType::Render: return document_ && render(request->page, request->width_px);
        }
        return false;
    }

private:
    bool open(const std::string& password) {
        auto opened = open_document(bytes_, password);
        if (const auto* failure = std::get_if<ParseFailure>(&opened))
            return send(encode_failure(*failure));
        document_ = std::move(*std::get_if<0>(&opened));
        info_ = document_->info();
        return send(encode_info(info_));
    }

    bool extract(int first) {
        if (first < 1)
            return false;
        for (int number = first; number <= info_.pages; ++number) {
            renew_cpu_limit();
            Page page = document_->page(number);
            inject_fault(page);
            if (!is_valid_page(page)) { // over the caps
                page = {};
                page.number = number;
                page.label = std::to_string(number);
                page.source = PageSource::Failed;
            }
            if (!send(encode_page(page)))
                return false;
        }
        return send(encode_end());
    }

    bool render(int number, int width_px) {
        if (number < 1 || number > info_.pages || width_px < 1)
            return send(encode_failure(ParseFailure::NoSuchPage));
        auto rendered = document_->render(number, width_px);
        if (const auto* failure = std::get_if<ParseFailure>(&rendered))
            return send(encode_failure(*failure));
        return send(encode_image(*std::get_if<0>(&rendered)));
    }

    std::span<const char> bytes_;
    std::unique_ptr<Extractor> document_;
    FileInfo info_;
};

int run() {
    ::signal(SIGPIPE, SIG_IGN);
    struct stat status {};
    if (::fstat(kParseDocumentFd, &status) != 0 || !S_ISREG(status.st_mode)) {
        std::fputs("lectern-parse serves Lectern; it is not started by hand.\n", stderr);
        return kExitUsage;
    }
    const auto size = static_cast<size_t>(status.st_size);
    if (!confine(size))
        return kExitUnconfined;
    std::span<const char> document;
    if (size > 0) {
        void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, kParseDocumentFd, 0);
        if (mapped == MAP_FAILED)
            return kExitParser;
        document = {static_cast<const char*>(mapped), size};
    }
    Server server(document);
    while (server.serve_one()) {
    }
    return 0;
}

} // namespace
} // namespace lectern

int main() {
    try {
        return lectern::run();
    } catch (const std::exception&) { // out of memory, or Poppler's own: the client names the page and goes on
        ::_exit(lectern::kExitParser);
    }
}

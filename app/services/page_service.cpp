// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/services/page_service.h"

#include <deque>
#include <list>
#include <mutex>

#include "app/library_session.h"
#include "app/worker_thread.h"

namespace lectern {
namespace {

struct Request {
    qint64 document;
    int page;
    int widthPx;
    bool operator==(const Request&) const = default;
};

// A screen of pages and what is around it; more is rendered again faster than it is found in swap.
constexpr qsizetype kCacheBytes = 96 << 20;

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), qsizetype(utf8.size())); }

} // namespace

struct PageService::Private {
    PageService* q;
    LibrarySession& session;
    std::mutex mutex; // guards requests, current and currentStop
    std::deque<Request> requests;
    std::optional<Request> current;
    std::stop_source currentStop;
    std::list<std::pair<Request, QImage>> cache; // newest first; the worker's own
    qsizetype cacheBytes = 0;
    WorkerThread worker; // last: ends before what it uses

    Private(PageService* service, LibrarySession& library) : q(service), session(library) {}
    ~Private()
    {
        const std::lock_guard lock(mutex);
        requests.clear();
        currentStop.request_stop();
    }

    template <class Body>
    void announce(Body body) { QMetaObject::invokeMethod(q, std::move(body), Qt::QueuedConnection); }

    void serveNewest()
    {
        Request request{};
        std::stop_token stop;
        {
            const std::lock_guard lock(mutex);
            if (requests.empty()) return;
            request = requests.back();
            requests.pop_back();
            current = request;
            currentStop = std::stop_source{};
            stop = currentStop.get_token();
        }
        serve(request, stop);
        const std::lock_guard lock(mutex);
        current.reset();
    }

    void serve(const Request& request, std::stop_token stop)
    {
        for (auto it = cache.begin(); it != cache.end(); ++it)
            if (it->first == request) {
                cache.splice(cache.begin(), cache, it);
                return deliver(request, it->second);
            }
        const auto id = DocumentId(request.document);
        const auto document = session.library().document(id);
        if (!document) return fail(request, document.error());
        if (!*document) return; // removed meanwhile
        const auto parser = session.parser();
        if (!parser) return fail(request, parser.error());
        const auto page = parser->render((*document)->path, request.page, request.widthPx, stop, session.password_of((*document)->path));
        if (!page) return fail(request, page.error());
        const QImage image(reinterpret_cast<const uchar*>(page->rgb.data()), page->width, page->height, 3 * page->width, QImage::Format_RGB888);
        const QImage own = image.convertToFormat(QImage::Format_RGB32); // a copy, in the format that paints fastest
        cache.emplace_front(request, own);
        for (cacheBytes += own.sizeInBytes(); cacheBytes > kCacheBytes && cache.size() > 1; cache.pop_back())
            cacheBytes -= cache.back().second.sizeInBytes();
        deliver(request, own);
    }

    void deliver(const Request& r, const QImage& image)
    {
        announce([this, r, image] { emit q->pageReady(r.document, r.page, r.widthPx, image); });
    }

    void fail(const Request& r, const Error& error)
    {
        if (error.kind == ErrorKind::Cancelled) return;
        QString stored;
        if (const auto page = session.library().page(DocumentId(r.document), r.page); page && *page) stored = text((*page)->text);
        announce([this, r, message = text(error.message), stored] { emit q->pageFailed(r.document, r.page, message, stored); });
    }
};

PageService::PageService(LibrarySession& session, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, session))
{
}

PageService::~PageService() = default;

void PageService::requestLayout(qint64 document)
{
    d->worker.post([this, document] {
        constexpr int kBatch = 128;
        QVector<QSizeF> sizes;
        QStringList labels;
        for (int first = 1;; first += kBatch) {
            const auto pages = d->session.library().pages(DocumentId(document), first, kBatch);
            if (!pages) break;
            for (const Page& page : *pages) {
                sizes.push_back(QSizeF(page.width_pt, page.height_pt));
                labels.push_back(text(page.label));
            }
            if (int(pages->size()) < kBatch) break;
        }
        d->announce([this, document, sizes, labels] { emit layoutReady(document, sizes, labels); });
    });
}

void PageService::requestPage(qint64 document, int page, int widthPx)
{
    const Request request{document, page, widthPx};
    {
        const std::lock_guard lock(d->mutex);
        if (d->current == request) return;
        std::erase(d->requests, request);
        d->requests.push_back(request);
    }
    d->worker.post([this] { d->serveNewest(); });
}

void PageService::dropRequests()
{
    const std::lock_guard lock(d->mutex);
    d->requests.clear();
    d->currentStop.request_stop();
    d->current.reset(); // it ends without an image: whoever wants it again has to be served again
}

} // namespace lectern

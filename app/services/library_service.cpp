// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/services/library_service.h"

#include <chrono>

#include "app/library_session.h"
#include "app/services/file_adder.h"
#include "app/worker_thread.h"
#include "engine/base/log.h"

namespace lectern {
namespace {

using Clock = std::chrono::steady_clock;
// More often than this a progress line cannot be read.
constexpr auto kProgressInterval = std::chrono::milliseconds(80);

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), qsizetype(utf8.size())); }

DocumentItem itemOf(const DocumentInfo& info)
{
    DocumentItem item;
    item.id = number(info.id);
    item.name = text(info.name);
    item.path = text(info.path);
    item.kind = text(info.kind);
    item.arriving = info.arriving;
    if (!info.arriving) item.outcome = text(to_string(info.outcome));
    item.message = text(info.message);
    item.pages = info.counts.all();
    item.pagesText = info.counts.text;
    item.pagesOcr = info.counts.ocr;
    item.pagesBlank = info.counts.blank;
    item.pagesFailed = info.counts.failed;
    item.bytes = qint64(info.bytes);
    return item;
}

AddedFile fileOf(const AddedFileResult& result)
{
    return {text(result.path), text(to_string(result.outcome)), text(result.message), result.document, result.pages.all()};
}

} // namespace

struct LibraryService::Private {
    LibraryService* q;
    LibrarySession& session;
    std::stop_source adding;  // replaced by each cancel, so that what is queued afterwards runs
    std::stop_source closing; // ends with the service
    Clock::time_point lastProgress{};
    WorkerThread embedder; // the threads come last: they end before what they use
    WorkerThread worker;

    Private(LibraryService* service, LibrarySession& library) : q(service), session(library) {}
    ~Private()
    {
        adding.request_stop();
        closing.request_stop();
    }

    /// Runs on the window's thread; nothing happens if the service is gone.
    template <class Body>
    void announce(Body body) { QMetaObject::invokeMethod(q, std::move(body), Qt::QueuedConnection); }

    void reload()
    {
        const auto documents = session.library().list();
        if (!documents) return fail(documents.error());
        QVector<DocumentItem> items;
        for (const DocumentInfo& info : *documents) items.push_back(itemOf(info));
        announce([this, items] {
            if (items == q->m_documents) return;
            q->m_documents = items;
            emit q->documentsChanged(items);
        });
    }

    void fail(const Error& error)
    {
        if (error.kind == ErrorKind::Cancelled) return;
        log("app").warning(error.message);
        announce([this, message = text(error.message)] { emit q->failed(message); });
    }

    void show(const AddProgressEvent& event)
    {
        const auto now = Clock::now();
        if (event.pages_done > 0 && now - lastProgress < kProgressInterval) return;
        lastProgress = now;
        AddProgress progress;
        progress.path = text(event.path);
        progress.name = progress.path.section(QLatin1Char('/'), -1);
        progress.filesDone = event.files_done;
        progress.filesTotal = event.files_total;
        progress.pagesDone = event.pages_done;
        progress.pagesTotal = event.pages_total;
        announce([this, progress] { emit q->addProgressed(progress); });
        if (event.pages_done % 32 == 1 || event.pages_done == 0) reload(); // a document that begins to arrive is shown
    }

    void done(const AddedFileResult& result)
    {
        reload();
        announce([this, file = fileOf(result)] { emit q->fileAdded(file); });
    }

    /// Queues work that adds; the last one to end says so.
    template <class Body>
    void postAdding(Body body)
    {
        ++q->m_adding;
        worker.post([this, body = std::move(body), stop = adding.get_token()] {
            FileAdder adder(session, [this](const AddProgressEvent& event) { show(event); });
            if (!stop.stop_requested())
                if (auto result = body(adder, stop); !result) fail(result.error());
            reload();
            announce([this] {
                if (--q->m_adding == 0) emit q->addFinished();
            });
            embedder.post([this] {
                if (auto embedded = session.embed_pending({}, closing.get_token()); !embedded) fail(embedded.error());
            });
        });
    }
};

LibraryService::LibraryService(LibrarySession& session, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, session))
{
    d->worker.post([this] { d->reload(); });
}

LibraryService::~LibraryService() = default;

void LibraryService::addPaths(const QStringList& paths)
{
    std::vector<std::filesystem::path> files;
    for (const QString& path : paths) files.emplace_back(path.toStdString());
    d->postAdding([this, files](FileAdder& adder, std::stop_token stop) {
        return adder.add(files, {}, [this](const AddedFileResult& result) { d->done(result); }, stop);
    });
}

void LibraryService::addWithPassword(const QString& path, const QString& password)
{
    d->postAdding([this, file = path.toStdString(), secret = password.toStdString()](FileAdder& adder, std::stop_token stop) {
        return adder.add({file}, secret, [this](const AddedFileResult& result) { d->done(result); }, stop);
    });
}

void LibraryService::cancelAdding()
{
    d->adding.request_stop();
    d->adding = std::stop_source{};
}

void LibraryService::removeDocuments(const QVector<qint64>& documents)
{
    std::vector<DocumentId> ids;
    for (const qint64 id : documents) ids.push_back(DocumentId(id));
    d->worker.post([this, ids] {
        if (auto removed = d->session.remove(ids, d->closing.get_token()); !removed) d->fail(removed.error());
        d->reload();
    });
}

void LibraryService::resumeAdding()
{
    d->postAdding([this](FileAdder& adder, std::stop_token stop) {
        return adder.resume([this](const AddedFileResult& result) { d->done(result); }, stop);
    });
}

} // namespace lectern

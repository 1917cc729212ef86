// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "tests/ui/demo_services.h"

#include <algorithm>

#include <QtCore/QFileInfo>
#include <QtCore/QTimer>

namespace lectern {

// --- library ---------------------------------------------------------------------------------------------------------

struct LibraryService::Private {
    explicit Private(LibrarySession& session) : session(session) {}

    LibrarySession& session;
    QTimer timer;
    QStringList queue;
    int total = 0, page = 0;

    void announce(LibraryService& q, const QVector<DocumentItem>& documents) {
        q.m_documents = documents;
        emit q.documentsChanged(documents);
    }
    void step(LibraryService& q) {
        constexpr int kPages = 300, kStride = 20;
        if (queue.isEmpty()) {
            timer.stop();
            q.m_adding = 0;
            emit q.addFinished();
            return;
        }
        const QString path = queue.first();
        page += kStride;
        emit q.addProgressed({path, QFileInfo(path).fileName(), total - int(queue.size()), total, page, kPages});
        if (page < kPages) return;
        page = 0;
        queue.removeFirst();
        const bool locked = path.contains(QLatin1String("locked"));
        if (!locked) {
            DocumentItem item;
            for (const DocumentItem& other : std::as_const(q.m_documents)) item.id = qMax(item.id, other.id);
            ++item.id;
            item.name = QFileInfo(path).completeBaseName();
            item.path = path;
            item.kind = QStringLiteral("pdf");
            item.outcome = QStringLiteral("ready");
            item.pages = item.pagesText = kPages;
            announce(q, q.m_documents + QVector<DocumentItem>{item});
        }
        emit q.fileAdded(
            {path, locked ? QStringLiteral("locked") : QStringLiteral("ready"), {}, 0, locked ? 0 : kPages});
    }
};

LibraryService::LibraryService(LibrarySession& session, QObject* parent)
    : QObject(parent), d(new Private(session)), m_documents(session.documents) {
    d->timer.setInterval(20);
    connect(&d->timer, &QTimer::timeout, this, [this] { d->step(*this); });
    session.announce = [this](const QVector<DocumentItem>& documents) { d->announce(*this, documents); };
}

LibraryService::~LibraryService() = default;

void LibraryService::addPaths(const QStringList& paths) {
    d->session.addedPaths += paths;
    d->queue += paths;
    d->total = m_adding ? d->total + int(paths.size()) : int(paths.size());
    m_adding = 1;
    d->timer.start();
}

void LibraryService::addWithPassword(const QString& path, const QString& password) {
    d->session.passwords.append({path, password});
    const bool right = password == QLatin1String("secret");
    emit fileAdded({path, right ? QStringLiteral("ready") : QStringLiteral("locked"),
                    right ? QString() : QStringLiteral("The password is not right. Try another."), 0, right ? 12 : 0});
    emit addFinished();
}

void LibraryService::cancelAdding() {
    ++d->session.cancels;
    d->queue.clear();
}

void LibraryService::removeDocuments(const QVector<qint64>& documents) {
    d->session.removed += documents;
    QVector<DocumentItem> left = m_documents;
    left.removeIf([&](const DocumentItem& item) { return documents.contains(item.id); });
    d->announce(*this, left);
}

void LibraryService::resumeAdding() {}

// --- pages -----------------------------------------------------------------------------------------------------------

struct PageService::Private {
    LibrarySession& session;
    quint64 round = 0; ///< requests of an older round are dropped
};

PageService::PageService(LibrarySession& session, QObject* parent) : QObject(parent), d(new Private{session}) {}
PageService::~PageService() = default;

void PageService::requestLayout(qint64 document) {
    QTimer::singleShot(1, this, [this, document] {
        constexpr int kFrontMatter = 4;
        const int pages = d->session.layoutPages;
        QStringList labels;
        for (int page = 1; page <= pages; ++page)
            labels << (page <= kFrontMatter ? QStringLiteral("iiiiv").mid(page == 4 ? 3 : 0, page == 4 ? 2 : page)
                                            : QString::number(page - kFrontMatter));
        emit layoutReady(document, QVector<QSizeF>(pages, QSizeF(kDemoWidthPt, kDemoHeightPt)), labels);
    });
}

void PageService::requestPage(qint64 document, int page, int widthPx) {
    ++d->session.pageRequests;
    QTimer::singleShot(15, this, [this, document, page, widthPx, round = d->round] {
        if (round != d->round) return;
        if (d->session.failingPages)
            emit pageFailed(
                document, page, QStringLiteral("This page is damaged and cannot be drawn."),
                QStringLiteral("Either party may terminate this Agreement with effect from the end of the Initial "
                               "Term or of any Renewal Term."));
        else
            emit pageReady(document, page, widthPx, demoPage(page, widthPx));
    });
}

void PageService::dropRequests() { ++d->round; }

// --- model -----------------------------------------------------------------------------------------------------------

struct ModelService::Private {
    EngineClient& engine;
};

ModelService::ModelService(EngineClient& engine, QObject* parent)
    : QObject(parent), d(new Private{engine}), m_model(engine.model) {}
ModelService::~ModelService() = default;

void ModelService::load(const QString& model) {
    m_model = demoModel();
    m_model.name = QFileInfo(model).completeBaseName();
    emit modelChanged(m_model);
}

// --- answers ---------------------------------------------------------------------------------------------------------

struct AskService::Private {
    explicit Private(EngineClient& engine) : engine(engine) {}

    EngineClient& engine;
    QTimer timer;
    QString streamed;
    int step = 0;
};

namespace {
constexpr int kReadingSteps = 8, kPiece = 6, kReadingTokens = 3110;

/// What the model writes: its own marks, which are not the numbers of citations.
QString streamedAnswer() {
    QString text = demoAnswer();
    QVector<CitationItem> citations = demoCitations();
    std::reverse(citations.begin(),
                 citations.end()); // marks are larger than numbers: the last first, or one becomes another
    for (const CitationItem& citation : std::as_const(citations))
        text.replace(QStringLiteral("[%1]").arg(citation.id), QStringLiteral("[%1]").arg(citation.mark));
    return text;
}
} // namespace

AskService::AskService(LibrarySession&, EngineClient& engine, QObject* parent)
    : QObject(parent), d(new Private(engine)) {
    connect(&d->timer, &QTimer::timeout, this, [this] {
        const quint64 request = m_lastRequest;
        const QString answer = streamedAnswer();
        const int step = d->step++;
        if (step == 0) {
            emit progressed(request, QStringLiteral("searching"), 0, 0);
            emit started(request, {d->engine.model.name, QStringLiteral("passages"), 0, {}});
            for (const CitationItem& citation : demoCitations()) emit citationFound(request, citation);
        } else if (step <= kReadingSteps) {
            emit progressed(request, QStringLiteral("reading"), kReadingTokens * step / kReadingSteps, kReadingTokens);
        } else if (d->streamed.size() < answer.size()) {
            emit progressed(request, QStringLiteral("writing"), 0, 0);
            const QString piece = answer.mid(d->streamed.size(), kPiece);
            d->streamed += piece;
            emit textArrived(request, piece);
        } else {
            d->timer.stop();
            m_answering = false;
            for (const CheckItem& check : demoChecks()) emit sentenceChecked(request, check);
            emit usageKnown(request, {3150, kReadingTokens, 190, 820, 46});
            emit finished(request, demoAnswer());
        }
    });
}
AskService::~AskService() = default;

quint64 AskService::ask(const QString& question, const QVector<qint64>& scope, AskMode) {
    d->engine.questions << question;
    d->engine.scopes << scope;
    ++m_lastRequest;
    m_answering = true;
    d->streamed.clear();
    d->step = 0;
    if (d->engine.fails) {
        m_answering = false;
        emit failed(m_lastRequest,
                    QStringLiteral("The model needs 1.2 GB of memory, 0.8 GB are free. Close another program "
                                   "or choose a smaller model."));
    } else if (d->engine.plays) {
        d->timer.start(d->engine.pieceMs);
    }
    return m_lastRequest;
}

void AskService::stop() {
    ++d->engine.stops;
    if (!m_answering) return;
    d->timer.stop();
    m_answering = false;
    emit stopped(m_lastRequest, d->streamed);
}

void AskService::newConversation() {}

} // namespace lectern

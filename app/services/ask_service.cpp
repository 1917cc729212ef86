// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/services/ask_service.h"

#include <stop_token>

#include "app/answer/answer_pipeline.h"
#include "app/worker_thread.h"
#include "engine/base/log.h"

namespace lectern {
namespace {

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), qsizetype(utf8.size())); }

CitationItem itemOf(const CitationEvent& event)
{
    CitationItem item;
    item.id = event.id;
    item.mark = event.mark;
    item.document = event.document;
    item.documentName = text(event.name);
    item.page = event.page;
    item.pageLabel = text(event.page_label);
    item.quote = text(event.quote);
    for (const PageBox& place : event.boxes)
        item.places.push_back({place.page, QRectF(QPointF(place.box.x0, place.box.y0), QPointF(place.box.x1, place.box.y1))});
    return item;
}

} // namespace

/// Turns one answer's events into the service's signals, on the thread that they come on.
class AskRelay {
public:
    AskRelay(AskService* service, quint64 request) : m_service(service), m_request(request) {}
    void operator()(const AnswerEvent& event)
    {
        std::visit([this](const auto& e) { relay(e); }, event);
    }
    const std::string& text() const { return m_text; }

    /// Runs on the window's thread, unless a newer question was asked meanwhile.
    template <class Body>
    void announce(Body body)
    {
        QMetaObject::invokeMethod(m_service, [service = m_service, request = m_request, body = std::move(body)] {
            if (request == service->m_lastRequest) body(service, request);
        }, Qt::QueuedConnection);
    }

private:
    void relay(const StartEvent& e)
    {
        if (e.chat) announce([chat = e.chat](AskService* s, quint64) { s->continueTalk(chat); });
        AnswerStart start{lectern::text(e.model), lectern::text(e.mode), int(e.restored_tokens), lectern::text(e.note)};
        announce([start](AskService* s, quint64 request) { emit s->started(request, start); });
    }
    void relay(const ProgressEvent& e)
    {
        announce([stage = lectern::text(e.stage), done = int(e.done), total = int(e.total)](AskService* s, quint64 request) {
            emit s->progressed(request, stage, done, total);
        });
    }
    void relay(const TokenEvent& e)
    {
        m_text += e.text;
        announce([piece = lectern::text(e.text)](AskService* s, quint64 request) { emit s->textArrived(request, piece); });
    }
    void relay(const CitationEvent& e)
    {
        announce([item = itemOf(e)](AskService* s, quint64 request) { emit s->citationFound(request, item); });
    }
    void relay(const CheckEvent& e)
    {
        // Bytes below app, QChars above it: converted here, once.
        const auto chars = [&](size_t bytes) { return int(lectern::text(std::string_view(m_text).substr(0, bytes)).size()); };
        CheckItem check{chars(e.start), chars(e.end), lectern::text(to_string(e.verdict)), QVector<int>(e.citations.begin(), e.citations.end())};
        announce([check](AskService* s, quint64 request) { emit s->sentenceChecked(request, check); });
    }
    void relay(const UsageEvent& e)
    {
        const AnswerUsage usage{int(e.prompt_tokens), int(e.read_tokens), int(e.output_tokens), e.first_token_ms, e.tokens_per_s};
        announce([usage](AskService* s, quint64 request) { emit s->usageKnown(request, usage); });
    }
    void relay(const DoneEvent& e)
    {
        announce([answer = lectern::text(e.text)](AskService* s, quint64 request) {
            s->m_answering = false;
            emit s->finished(request, answer);
        });
    }

    AskService* m_service;
    quint64 m_request;
    std::string m_text;
};

struct AskService::Private {
    AnswerPipeline pipeline;
    std::optional<ChatId> talk; // goes on with the next question
    std::stop_source stop; // fresh for each question: a shared flag set back to false loses cancels
    WorkerThread worker;   // last: ends before what it uses

    Private(LibrarySession& session, EngineClient& engine) : pipeline(session, engine) {}
    ~Private() { stop.request_stop(); }
};

AskService::AskService(LibrarySession& session, EngineClient& engine, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(session, engine))
{
}

AskService::~AskService() = default;

quint64 AskService::ask(const QString& question, const QVector<qint64>& scope, AskMode mode)
{
    d->stop.request_stop(); // ends the previous answer for good
    d->stop = std::stop_source{};
    const quint64 request = ++m_lastRequest;
    m_answering = true;
    Question asked;
    asked.text = question.toStdString();
    for (const qint64 id : scope) asked.scope.push_back(DocumentId(id));
    asked.whole = mode == AskMode::WholeDocument;
    asked.sampling.max_tokens = 0;
    asked.chat = d->talk;
    d->worker.post([this, request, asked, stop = d->stop.get_token()] {
        AskRelay relay(this, request);
        Result<void> answered = Error{ErrorKind::Cancelled, "The answer was stopped."}; // before it began
        if (!stop.stop_requested()) answered = d->pipeline.run(asked, std::ref(relay), stop);
        if (answered) return;
        const bool cancelled = answered.error().kind == ErrorKind::Cancelled;
        if (!cancelled) log("app").warning(answered.error().message);
        relay.announce([cancelled, message = text(answered.error().message), soFar = text(relay.text())](AskService* s, quint64 r) {
            s->m_answering = false;
            if (cancelled) emit s->stopped(r, soFar);
            else emit s->failed(r, message);
        });
    });
    return request;
}

void AskService::stop() { d->stop.request_stop(); }
void AskService::newConversation() { d->talk.reset(); }
void AskService::continueTalk(qint64 chat) { d->talk = ChatId(chat); }

} // namespace lectern

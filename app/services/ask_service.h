// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Questions for the window: one answer at a time, as a stream of signals that carry the request's number.
#pragma once

#include <memory>

#include <QtCore/QObject>

#include "app/services/items.h"

namespace lectern {

class LibrarySession;
class EngineClient;
class AskRelay;

enum class AskMode { Passages, WholeDocument };

class AskService : public QObject {
    Q_OBJECT
public:
    AskService(LibrarySession& session, EngineClient& engine, QObject* parent = nullptr);
    ~AskService() override;

    /// Ends the running answer and asks. `scope`: document ids, empty for all. Returns the request's number; signals of
    /// older requests are not delivered any more.
    quint64 ask(const QString& question, const QVector<qint64>& scope, AskMode mode);
    bool isAnswering() const { return m_answering; }

public slots:
    void stop();
    /// The next question begins a new talk: citations are numbered from 1 again.
    void newConversation();

signals:
    void started(quint64 request, const lectern::AnswerStart& start);
    /// `stage`: "searching", "loading", "reading" (done and total in tokens), "writing".
    void progressed(quint64 request, const QString& stage, int done, int total);
    /// Text of the answer, whole characters; marks such as [2] are in it until finished() gives the checked text.
    void textArrived(quint64 request, const QString& text);
    void citationFound(quint64 request, const lectern::CitationItem& citation);
    void sentenceChecked(quint64 request, const lectern::CheckItem& check);
    void usageKnown(quint64 request, const lectern::AnswerUsage& usage);
    /// The whole answer as it stands: citation numbers as [n] where chips belong.
    void finished(quint64 request, const QString& text);
    void stopped(quint64 request, const QString& textSoFar);
    void failed(quint64 request, const QString& message);

private:
    void continueTalk(qint64 chat);
    struct Private;
    std::unique_ptr<Private> d;
    friend class AskRelay;
    quint64 m_lastRequest = 0;
    bool m_answering = false;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The questions and answers of the window: follows the AskService and keeps only what belongs to the newest request.
#pragma once

#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>

#include "ui/talk/turn.h"

namespace lectern {

class Conversation : public QObject {
    Q_OBJECT
public:
    explicit Conversation(AskService& service, QObject* parent = nullptr);

    const QVector<TalkTurn>& turns() const { return m_turns; }
    bool isAnswering() const;

public slots:
    /// Ends a running answer and asks.
    void ask(const QString& question, const QVector<qint64>& scope, lectern::AskMode mode);
    void stop();
    /// Stops and forgets everything.
    void clear();

signals:
    void turnAdded(int turn);
    void turnChanged(int turn);
    void answeringChanged(bool answering);
    void usageChanged(const lectern::AnswerUsage& usage);
    void cleared();

private:
    /// The turn that a signal belongs to, or nullptr for a late piece of an older request.
    TalkTurn* turnOf(quint64 request);
    void changed();
    void end(TalkTurn& turn, TalkTurn::State state);

    AskService& m_service;
    QVector<TalkTurn> m_turns;
    QElapsedTimer m_clock;
    bool m_asking = false; ///< inside AskService::ask(), before it returned the request's number
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/conversation.h"

namespace lectern {

Conversation::Conversation(AskService& service, QObject* parent) : QObject(parent), m_service(service) {
    connect(&service, &AskService::started, this, [this](quint64 request, const AnswerStart& start) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->start = start;
            changed();
        }
    });
    connect(&service, &AskService::progressed, this,
            [this](quint64 request, const QString& stage, int done, int total) {
                if (TalkTurn* turn = turnOf(request)) {
                    turn->stage = stage;
                    turn->done = done;
                    turn->total = total;
                    changed();
                }
            });
    connect(&service, &AskService::textArrived, this, [this](quint64 request, const QString& text) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->text += text;
            changed();
        }
    });
    connect(&service, &AskService::citationFound, this, [this](quint64 request, const CitationItem& citation) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->citations.append(citation);
            changed();
        }
    });
    connect(&service, &AskService::sentenceChecked, this, [this](quint64 request, const CheckItem& check) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->checks.append(check);
            changed();
        }
    });
    connect(&service, &AskService::usageKnown, this, [this](quint64 request, const AnswerUsage& usage) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->usage = usage;
            emit usageChanged(usage);
            changed();
        }
    });
    connect(&service, &AskService::finished, this, [this](quint64 request, const QString& text) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->text = text;
            end(*turn, TalkTurn::State::Done);
        }
    });
    connect(&service, &AskService::stopped, this, [this](quint64 request, const QString& text) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->text = text;
            end(*turn, TalkTurn::State::Stopped);
        }
    });
    connect(&service, &AskService::failed, this, [this](quint64 request, const QString& message) {
        if (TalkTurn* turn = turnOf(request)) {
            turn->error = message;
            end(*turn, TalkTurn::State::Failed);
        }
    });
}

bool Conversation::isAnswering() const {
    return !m_turns.isEmpty() && m_turns.last().state == TalkTurn::State::Answering;
}

void Conversation::ask(const QString& question, const QVector<qint64>& scope, AskMode mode) {
    if (isAnswering()) end(m_turns.last(), TalkTurn::State::Stopped);
    TalkTurn turn;
    turn.question = question;
    turn.scope = scope;
    turn.mode = mode;
    m_turns.append(turn);
    m_clock.start();
    emit turnAdded(int(m_turns.size()) - 1);
    emit answeringChanged(true);
    m_asking = true;
    m_turns.last().request = m_service.ask(question, scope, mode);
    m_asking = false;
}

void Conversation::stop() {
    if (isAnswering()) m_service.stop();
}

void Conversation::clear() {
    m_service.newConversation();
    stop();
    m_turns.clear();
    emit cleared();
    emit answeringChanged(false);
}

TalkTurn* Conversation::turnOf(quint64 request) {
    if (m_turns.isEmpty()) return nullptr;
    TalkTurn& last = m_turns.last();
    // A service may answer before ask() returned: the first number above all known ones is the new request's.
    if (m_asking && last.request == 0) {
        const quint64 newest = m_turns.size() > 1 ? m_turns[m_turns.size() - 2].request : 0;
        if (request > newest) last.request = request;
    }
    return last.request == request ? &last : nullptr;
}

void Conversation::changed() { emit turnChanged(int(m_turns.size()) - 1); }

void Conversation::end(TalkTurn& turn, TalkTurn::State state) {
    turn.state = state;
    turn.seconds = double(m_clock.elapsed()) / 1000.0;
    changed();
    emit answeringChanged(false);
}

} // namespace lectern

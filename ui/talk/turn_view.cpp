// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/turn_view.h"

#include <QtCore/QSet>
#include <QtWidgets/QFrame>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/talk/answer_view.h"
#include "ui/talk/verdict_tally.h"
#include "ui/theme/message_bar.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

TurnView::TurnView(const Theme& theme, QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 20);
    layout->setSpacing(4);
    m_answer = new AnswerView(theme, this);
    m_note = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    m_note->setWordWrap(true);
    m_stopped =
        makeLabel(theme, tr("Stopped; the sentences above are not checked."), TextRole::Small, Token::Muted, this);
    m_stopped->setWordWrap(true);
    m_error = new MessageBar(theme, this);
    m_foot = new QWidget(this);
    auto* foot = new QVBoxLayout(m_foot);
    foot->setContentsMargins(0, 4, 0, 0);
    foot->setSpacing(2);
    auto* line = new QFrame(m_foot);
    line->setProperty("row", "line");
    line->setFixedHeight(1);
    m_tally = new VerdictTally(theme, m_foot);
    m_words = makeLabel(theme, {}, TextRole::Small, Token::Muted, m_foot);
    m_words->setWordWrap(true);
    auto* tools = new QHBoxLayout;
    tools->setContentsMargins(-6, 0, 0, 0);
    tools->setSpacing(2);
    auto* copy = makeToolButton(theme, QStringLiteral("copy"), tr("Copy the answer with its sources"), m_foot);
    auto* again = makeToolButton(theme, QStringLiteral("regenerate"), tr("Ask again"), m_foot);
    tools->addWidget(copy);
    tools->addWidget(again);
    tools->addStretch();
    foot->addWidget(line);
    foot->addSpacing(6);
    foot->addWidget(m_tally);
    foot->addWidget(m_words);
    foot->addLayout(tools);
    layout->addWidget(m_answer);
    layout->addWidget(m_note);
    layout->addWidget(m_stopped);
    layout->addWidget(m_error);
    layout->addWidget(m_foot);
    layout->addStretch(1);
    connect(m_answer, &AnswerView::citationActivated, this, &TurnView::citationActivated);
    connect(copy, &QToolButton::clicked, this, &TurnView::copyRequested);
    connect(again, &QToolButton::clicked, this, &TurnView::askAgainRequested);
    connect(m_error, &MessageBar::actionRequested, this, &TurnView::askAgainRequested);
}

void TurnView::setTurn(const TalkTurn& turn) {
    m_answer->setTurn(turn);
    m_note->setText(turn.start.note);
    m_note->setVisible(!turn.start.note.isEmpty());
    m_stopped->setVisible(turn.state == TalkTurn::State::Stopped);
    m_tally->setChecks(turn.state == TalkTurn::State::Done ? turn.checks : QVector<CheckItem>());
    m_words->setText(footWords(turn));
    m_foot->setVisible(turn.state == TalkTurn::State::Done || turn.state == TalkTurn::State::Stopped);
    if (turn.state == TalkTurn::State::Failed && m_error->message() != turn.error)
        m_error->showMessage(QStringLiteral("error"), turn.error, tr("Ask again"));
}

void TurnView::setOpenCitation(int citation) { m_answer->setOpenCitation(citation); }

QString TurnView::footWords(const TalkTurn& turn) const {
    QSet<qint64> documents;
    for (const CitationItem& citation : turn.citations) documents.insert(citation.document);
    QStringList parts;
    if (turn.start.mode == QLatin1String("document"))
        parts << tr("Whole document");
    else if (!documents.isEmpty())
        parts << tr("From %Ln documents", nullptr, int(documents.size()));
    if (!turn.start.model.isEmpty()) parts << turn.start.model;
    parts << tr("%L1 s", "seconds").arg(turn.seconds, 0, 'f', 1);
    return parts.join(QStringLiteral(" · "));
}

} // namespace lectern

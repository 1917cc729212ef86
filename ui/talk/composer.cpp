// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/composer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>
#include <QtGui/QAction>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QStyle>
#include <QtWidgets/QVBoxLayout>

#include "ui/talk/composer_edit.h"
#include "ui/talk/turn.h"
#include "ui/theme/elided_label.h"
#include "ui/theme/pick_button.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

QString stageWords(const TalkTurn& turn) {
    if (turn.stage == QLatin1String("searching")) return Composer::tr("Searching");
    if (turn.stage == QLatin1String("loading")) return Composer::tr("Loading the model");
    if (turn.stage == QLatin1String("reading"))
        return turn.total > 0 ? Composer::tr("Reading %L1 of %L2 tokens").arg(turn.done).arg(turn.total)
                              : Composer::tr("Reading");
    if (turn.stage == QLatin1String("writing")) return Composer::tr("Writing");
    return Composer::tr("Starting");
}

Composer::Composer(const Theme& theme, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("composer"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(7, 7, 7, 7);
    layout->setSpacing(2);
    m_field = new ComposerEdit(this);
    m_field->setFont(theme.font(TextRole::Answer));
    m_field->setAccessibleName(tr("Question"));
    layout->addWidget(m_field);
    m_reason = makeLabel(theme, {}, TextRole::Small, Token::Text, this);
    m_reason->setWordWrap(true);
    m_reason->setContentsMargins(4, 0, 4, 4);
    layout->addWidget(m_reason);
    makeRow(theme);
    connect(m_field, &ComposerEdit::submitted, this, &Composer::submit);
    connect(m_field, &ComposerEdit::focusChanged, this, &Composer::setActive);
    connect(m_field, &QPlainTextEdit::textChanged, this, &Composer::refresh);
    setMode(AskMode::Passages);
}

void Composer::makeRow(const Theme& theme) {
    m_scopeButton = new PickButton(theme, QStringLiteral("collection"), true, this);
    auto* scopes = new QMenu(m_scopeButton);
    m_all = scopes->addAction(tr("All documents"), this, [this] { setScope(Scope::All); });
    m_thisOne = scopes->addAction(tr("This document"), this, [this] { setScope(Scope::Current); });
    m_chosen = scopes->addAction(tr("Selected documents"), this, [this] { setScope(Scope::Selected); });
    m_scopeButton->setMenu(scopes);
    m_modeButton = new PickButton(theme, {}, false, this);
    auto* modes = new QMenu(m_modeButton);
    m_passages = modes->addAction(tr("Search passages"), this, [this] { setMode(AskMode::Passages); });
    m_whole = modes->addAction(tr("Read whole document"), this, [this] { setMode(AskMode::WholeDocument); });
    m_modeButton->setMenu(modes);
    m_words = new ElidedLabel(this);
    m_words->setFont(theme.font(TextRole::Small));
    m_words->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_escape = makeLabel(theme, tr("Esc"), TextRole::Small, Token::Muted, this);
    m_ask = new QPushButton(tr("Ask"), this);
    makeNextStep(m_ask);
    m_stop = new QPushButton(theme.icon(QStringLiteral("stop"), Token::Text), tr("Stop"), this);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_scopeButton);
    row->addWidget(m_modeButton);
    row->addWidget(m_words, 1);
    row->addWidget(m_escape);
    row->addWidget(m_ask);
    row->addWidget(m_stop);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(m_ask, &QPushButton::clicked, this, &Composer::submit);
    connect(m_stop, &QPushButton::clicked, this, &Composer::stopRequested);
}

void Composer::setDocuments(int count, qint64 current, const QVector<qint64>& selected) {
    m_documents = count;
    m_current = current;
    m_selected = selected;
    if ((m_scope == Scope::Current && current == 0) || (m_scope == Scope::Selected && selected.size() < 2))
        m_scope = Scope::All;
    refresh();
}

void Composer::setObstacle(const QString& sentence) {
    m_obstacle = sentence;
    refresh();
}

void Composer::setAnswering(bool answering) {
    m_answering = answering;
    m_stage.clear();
    refresh();
}

void Composer::showStage(const TalkTurn& turn) {
    m_stage = stageWords(turn);
    refresh();
}

void Composer::focusField() { m_field->setFocus(Qt::ShortcutFocusReason); }

QString Composer::obstacle() const {
    if (!m_obstacle.isEmpty()) return m_obstacle;
    if (m_mode == AskMode::WholeDocument && scopeIds().size() != 1)
        return m_current != 0 ? tr("Choose “This document” to read it whole.")
                              : tr("Open the document to read it whole.");
    return {};
}

QVector<qint64> Composer::scopeIds() const {
    switch (m_scope) {
    case Scope::All:
        return {};
    case Scope::Current:
        return {m_current};
    case Scope::Selected:
        return m_selected;
    }
    return {};
}

void Composer::setScope(Scope scope) {
    m_scope = scope;
    refresh();
}

void Composer::setMode(AskMode mode) {
    m_mode = mode;
    if (mode == AskMode::WholeDocument && m_current != 0) m_scope = Scope::Current;
    refresh();
}

void Composer::setActive(bool active) {
    setProperty("active", active);
    style()->unpolish(this);
    style()->polish(this);
}

void Composer::submit() {
    const QString question = m_field->toPlainText().trimmed();
    if (question.isEmpty() || !obstacle().isEmpty()) return;
    m_field->clear();
    emit asked(question, scopeIds(), m_mode);
}

void Composer::refresh() {
    m_thisOne->setEnabled(m_current != 0);
    m_chosen->setEnabled(m_selected.size() > 1);
    m_chosen->setText(m_selected.size() > 1 ? tr("%n selected documents", nullptr, int(m_selected.size()))
                                            : tr("Selected documents"));
    const QString scope = m_scope == Scope::Current    ? tr("This document")
                          : m_scope == Scope::Selected ? tr("%Ln documents", nullptr, int(m_selected.size()))
                                                       : tr("All documents");
    m_scopeButton->setText(scope);
    m_scopeButton->updateGeometry();
    m_scopeButton->setAccessibleName(tr("Ask about: %1").arg(scope));
    m_scopeButton->setEnabled(m_documents > 0);
    const QString mode = m_mode == AskMode::Passages ? tr("Passages", "short for: search passages")
                                                     : tr("Whole document", "short for: read the whole document");
    m_modeButton->setText(mode);
    m_modeButton->updateGeometry();
    m_modeButton->setAccessibleName(m_mode == AskMode::Passages ? m_passages->text() : m_whole->text());
    m_field->setPlaceholderText(m_answering       ? tr("Type the next question")
                                : m_documents > 0 ? tr("Ask about these documents")
                                                  : tr("Ask about your documents"));
    m_field->viewport()->update(); // Qt repaints a placeholder only when it appears or goes
    m_words->setFullText(m_answering ? m_stage : QString());
    m_reason->setText(obstacle());
    m_reason->setVisible(!m_answering && !obstacle().isEmpty());
    m_escape->setVisible(m_answering);
    m_stop->setVisible(m_answering);
    m_ask->setVisible(!m_answering);
    m_ask->setEnabled(obstacle().isEmpty() && !m_field->toPlainText().trimmed().isEmpty());
    m_ask->setToolTip(obstacle());
}

} // namespace lectern

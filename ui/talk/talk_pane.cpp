// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/talk_pane.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include "app/services/model_service.h"
#include "ui/talk/answer_layout.h"
#include "ui/talk/answer_view.h"
#include "ui/talk/composer.h"
#include "ui/talk/empty_talk.h"
#include "ui/talk/turn_view.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr int kFrameMs = 33;    ///< an answer is laid out at most thirty times a second, far faster than it is read
constexpr int kShare = 4;       ///< laying out a long answer takes at most one part in so many of the thread's time
constexpr int kMostWidth = 680; ///< of the text
constexpr int kPadding = 18;
constexpr int kNearEnd = 40; ///< pixels from the end that still count as following
} // namespace

TalkPane::TalkPane(const Theme& theme, AskService& asking, ModelService& model, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_model(model), m_conversation(new Conversation(asking, this)) {
    setObjectName(QStringLiteral("talk"));
    setAttribute(Qt::WA_StyledBackground);
    setMinimumWidth(340);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());

    m_empty = new EmptyTalk(theme, this);
    m_empty->setMaximumWidth(kMostWidth + 2 * kPadding);
    layout->addWidget(m_empty, 1);

    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    auto* inside = new QWidget;
    inside->setObjectName(QStringLiteral("turns"));
    auto* centre = new QHBoxLayout(inside);
    centre->setContentsMargins(kPadding, 14, kPadding, 0);
    m_column = new QWidget(inside);
    m_column->setMaximumWidth(kMostWidth);
    m_turns = new QVBoxLayout(m_column);
    m_turns->setContentsMargins(0, 0, 0, 0);
    m_turns->setSpacing(0);
    m_turns->addStretch(1);
    centre->addWidget(m_column);
    m_scroll->setWidget(inside);
    m_scroll->setVisible(false);
    layout->addWidget(m_scroll, 1);

    m_composer = new Composer(theme, this);
    m_composer->setMaximumWidth(kMostWidth + 2 * (kPadding - 12));
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(12, 8, 12, 12);
    foot->addWidget(m_composer);
    layout->addLayout(foot);

    m_frame.setSingleShot(true);
    m_frame.setInterval(kFrameMs);
    connect(&m_frame, &QTimer::timeout, this, &TalkPane::refreshDirty);
    connect(m_conversation, &Conversation::turnAdded, this, &TalkPane::addTurn);
    connect(m_conversation, &Conversation::turnChanged, this, [this](int turn) {
        m_dirty.insert(turn);
        if (!m_frame.isActive()) m_frame.start();
    });
    connect(m_conversation, &Conversation::answeringChanged, m_composer, &Composer::setAnswering);
    connect(m_conversation, &Conversation::answeringChanged, this, &TalkPane::answeringChanged);
    connect(m_conversation, &Conversation::usageChanged, this, &TalkPane::usageChanged);
    connect(m_conversation, &Conversation::cleared, this, [this] {
        qDeleteAll(m_views);
        m_views.clear();
        m_dirty.clear();
        m_litTurn = -1;
        emit litChanged({});
        refreshState();
    });
    connect(m_composer, &Composer::asked, m_conversation, &Conversation::ask);
    connect(m_composer, &Composer::stopRequested, this, &TalkPane::stop);
    connect(m_empty, &EmptyTalk::chooseModelRequested, this, &TalkPane::chooseModelRequested);
    connect(&model, &ModelService::modelChanged, this, &TalkPane::refreshState);
    connect(&theme, &Theme::changed, this, [this] {
        for (int i = 0; i < m_views.size(); ++i) m_dirty.insert(i);
        m_frame.start();
    });
    connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int most) {
        // The text grows downwards until its question stands at the top; then it is read, not chased.
        if (m_follow && !m_views.isEmpty()) m_scroll->verticalScrollBar()->setValue(qMin(most, m_views.last()->y()));
    });
    connect(m_scroll->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] {
        const QScrollBar* bar = m_scroll->verticalScrollBar();
        m_follow = bar->sliderPosition() > bar->maximum() - kNearEnd && m_conversation->isAnswering();
    });
    refreshState();
}

QWidget* TalkPane::makeHead() {
    QFrame* head = makeRow(36, {kPadding, 0, 4, 0}, "line", this);
    rowLayout(head)->addWidget(makeLabel(m_theme, tr("Ask"), TextRole::Strong, Token::Text, head));
    rowLayout(head)->addStretch();
    m_new = makeToolButton(m_theme, QStringLiteral("add"), tr("New conversation (Ctrl+N)"), head);
    rowLayout(head)->addWidget(m_new);
    connect(m_new, &QToolButton::clicked, this, &TalkPane::newConversation);
    return head;
}

void TalkPane::setDocuments(int count, qint64 current, const QVector<qint64>& selected) {
    m_documents = count;
    m_composer->setDocuments(count, current, selected);
    refreshState();
}

void TalkPane::addTurn(int turn) {
    auto* view = new TurnView(m_theme, m_column);
    m_views.append(view);
    m_turns->insertWidget(m_turns->count() - 1, view);
    connect(view, &TurnView::citationActivated, this, [this, turn](int citation) { openCitation(turn, citation); });
    connect(view, &TurnView::copyRequested, this,
            [this, turn] { QGuiApplication::clipboard()->setText(answerForClipboard(m_conversation->turns()[turn])); });
    connect(view, &TurnView::askAgainRequested, this, [this, turn] {
        const TalkTurn again = m_conversation->turns()[turn];
        m_conversation->ask(again.question, again.scope, again.mode);
    });
    m_follow = true;
    m_dirty.insert(turn);
    refreshState();
    refreshDirty();
}

void TalkPane::refreshDirty() {
    const QSet<int> dirty = std::exchange(m_dirty, {});
    QElapsedTimer clock;
    clock.start();
    for (int turn : dirty) {
        if (turn >= m_views.size()) continue;
        m_views[turn]->setTurn(m_conversation->turns()[turn]);
        m_views[turn]->setOpenCitation(turn == m_litTurn ? m_openCitation : 0);
        if (turn == m_litTurn) emit litChanged(litCitations(m_conversation->turns()[turn], m_openCitation));
    }
    m_frame.setInterval(qMax(kFrameMs, kShare * int(clock.elapsed())));
    refreshStage();
}

void TalkPane::refreshStage() {
    if (m_conversation->isAnswering()) m_composer->showStage(m_conversation->turns().last());
}

void TalkPane::refreshState() {
    const ModelItem& model = m_model.model();
    const bool any = !m_views.isEmpty();
    m_empty->setVisible(!any);
    m_scroll->setVisible(any);
    m_new->setEnabled(any);
    m_empty->setState(model, m_documents);
    if (m_documents == 0)
        m_composer->setObstacle(tr("Add a document first."));
    else if (!model.ready)
        m_composer->setObstacle(model.message.isEmpty() ? tr("No model is loaded.") : model.message);
    else
        m_composer->setObstacle({});
}

void TalkPane::openCitation(int turn, int citation) {
    if (turn < 0 || turn >= m_conversation->turns().size()) return;
    const CitationItem* item = m_conversation->turns()[turn].citation(citation);
    if (!item) return;
    if (m_litTurn >= 0 && m_litTurn < m_views.size()) m_views[m_litTurn]->setOpenCitation(0);
    m_litTurn = turn;
    m_openCitation = citation;
    m_views[turn]->setOpenCitation(citation);
    emit citationOpened(*item, litCitations(m_conversation->turns()[turn], citation));
}

void TalkPane::scrollToCitation(int citation) {
    if (m_litTurn < 0) return;
    openCitation(m_litTurn, citation);
    const AnswerView& answer = m_views[m_litTurn]->answer();
    for (int chip = 0; chip < answer.chipCount(); ++chip)
        if (answer.citationOfChip(chip) == citation) {
            const QPoint at = answer.mapTo(m_scroll->widget(), answer.chipRect(chip).center());
            m_scroll->ensureVisible(at.x(), at.y(), 0, 120);
            return;
        }
}

void TalkPane::stop() { m_conversation->stop(); }

void TalkPane::newConversation() {
    m_conversation->clear();
    focusComposer();
}

void TalkPane::copyLastAnswer() {
    if (!m_conversation->turns().isEmpty())
        QGuiApplication::clipboard()->setText(answerForClipboard(m_conversation->turns().last()));
}

void TalkPane::focusComposer() { m_composer->focusField(); }

} // namespace lectern

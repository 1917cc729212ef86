// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The talk at the right: questions with their answers, and the composer below.
#pragma once

#include <QtCore/QSet>
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>

#include "ui/talk/conversation.h"

class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace lectern {

class Composer;
class EmptyTalk;
class ModelService;
class Theme;
class TurnView;

class TalkPane : public QWidget {
    Q_OBJECT
public:
    TalkPane(const Theme& theme, AskService& asking, ModelService& model, QWidget* parent = nullptr);

    const Conversation& conversation() const { return *m_conversation; }
    Composer& composer() const { return *m_composer; }
    TurnView* turnView(int turn) const { return m_views.value(turn); }
    /// Scopes that the composer offers, and whether there is anything to ask about.
    void setDocuments(int count, qint64 current, const QVector<qint64>& selected);

public slots:
    /// Opens a citation of a turn as a click on its chip does.
    void openCitation(int turn, int citation);
    /// The same for a mark beside a page: it belongs to the turn that is lit.
    void scrollToCitation(int citation);
    void stop();
    void newConversation();
    void copyLastAnswer();
    void focusComposer();

signals:
    void citationOpened(const lectern::CitationItem& citation, const QVector<lectern::LitCitation>& lit);
    void litChanged(const QVector<lectern::LitCitation>& lit);
    void answeringChanged(bool answering);
    void usageChanged(const lectern::AnswerUsage& usage);
    void chooseModelRequested();

private:
    QWidget* makeHead();
    void addTurn(int turn);
    void refreshDirty();
    void refreshState();
    void refreshStage();

    const Theme& m_theme;
    ModelService& m_model;
    Conversation* m_conversation;
    QScrollArea* m_scroll;
    QWidget* m_column;
    QVBoxLayout* m_turns;
    EmptyTalk* m_empty;
    Composer* m_composer;
    QToolButton* m_new;
    QVector<TurnView*> m_views;
    QSet<int> m_dirty; ///< turns that changed since they were painted
    QTimer m_frame;
    int m_documents = 0;
    int m_litTurn = -1;
    int m_openCitation = 0;
    bool m_follow = true; ///< the end of the answer stays in sight
};

} // namespace lectern

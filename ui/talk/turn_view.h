// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// One question with its answer, what is worth knowing about it, and what can be done with it.
#pragma once

#include <QtWidgets/QWidget>

#include "ui/talk/turn.h"

class QLabel;

namespace lectern {

class AnswerView;
class MessageBar;
class Theme;
class VerdictTally;

class TurnView : public QWidget {
    Q_OBJECT
public:
    TurnView(const Theme& theme, QWidget* parent = nullptr);
    void setTurn(const TalkTurn& turn);
    void setOpenCitation(int citation);
    AnswerView& answer() const { return *m_answer; }

signals:
    void citationActivated(int citation);
    void copyRequested();
    void askAgainRequested();

private:
    QString footWords(const TalkTurn& turn) const;

    AnswerView* m_answer;
    QLabel *m_note, *m_stopped, *m_words;
    VerdictTally* m_tally;
    MessageBar* m_error;
    QWidget* m_foot;
};

} // namespace lectern

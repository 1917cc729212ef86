// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The text of a turn as high as it needs to be: selectable, its chips for pointer and keyboard.
#pragma once

#include <QtWidgets/QTextBrowser>

#include "ui/talk/answer_writer.h"

namespace lectern {

class SentenceTail;
class Theme;

class AnswerView : public QTextBrowser {
    Q_OBJECT
public:
    explicit AnswerView(const Theme& theme, QWidget* parent = nullptr);

    void setTurn(const TalkTurn& turn);
    /// The chip that is lit in the reader; 0: none.
    void setOpenCitation(int citation);

    int chipCount() const { return int(m_chips.size()); }
    int citationOfChip(int chip) const { return m_chips.value(chip); }
    /// In viewport coordinates; empty before it was painted.
    QRect chipRect(int chip) const;

signals:
    void citationActivated(int citation);

protected:
    bool event(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    int chipAt(const QPointF& position) const;
    void fitHeight();
    void focusChip(int chip);
    QString tipOf(int chip) const;

    AnswerWriter m_writer;
    SentenceTail* m_tail;
    QVector<int> m_chips;
    QVector<CitationItem> m_citations;
    QVector<QString> m_verdicts; ///< of m_citations
    int m_pressedChip = -1;
};

} // namespace lectern

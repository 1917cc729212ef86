// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/answer_view.h"

#include <cmath>

#include <QtCore/QRegularExpression>
#include <QtGui/QAbstractTextDocumentLayout>
#include <QtGui/QHelpEvent>
#include <QtGui/QMouseEvent>
#include <QtWidgets/QToolTip>

#include "ui/talk/sentence_tail.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr double kReach = 5.5; ///< around a chip, so that it takes clicks in 28 x 28
} // namespace

AnswerView::AnswerView(const Theme& theme, QWidget* parent)
    : QTextBrowser(parent), m_writer(theme), m_tail(new SentenceTail(theme, this)) {
    setFrameShape(QFrame::NoFrame);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setFocusPolicy(Qt::StrongFocus);
    setUndoRedoEnabled(false);
    setAcceptDrops(false); // files dropped here go to the window
    viewport()->setAcceptDrops(false);
    setAccessibleName(tr("Answer"));
    viewport()->setMouseTracking(true);
    document()->setDocumentMargin(0);
    document()->documentLayout()->registerHandler(SentenceTail::kObjectType, m_tail);
}

void AnswerView::setTurn(const TalkTurn& turn) {
    m_tail->forgetBoxes();
    m_chips = m_writer.write(*document(), turn);
    m_citations = turn.citations;
    m_verdicts.clear();
    for (const CitationItem& citation : turn.citations) m_verdicts.append(turn.verdictOf(citation.id));
    setAccessibleDescription(tr("%Ln citations", nullptr, chipCount()));
    fitHeight();
}

void AnswerView::setOpenCitation(int citation) {
    m_tail->openCitation = citation;
    viewport()->update();
}

QRect AnswerView::chipRect(int chip) const { return m_tail->chipBoxes().value(chip).toAlignedRect(); }

int AnswerView::chipAt(const QPointF& position) const {
    int nearest = -1;
    double least = 1e9;
    for (auto box = m_tail->chipBoxes().begin(); box != m_tail->chipBoxes().end(); ++box) {
        if (!box.value().adjusted(-kReach, -kReach, kReach, kReach).contains(position)) continue;
        const QPointF away = box.value().center() - position;
        const double distance = std::hypot(away.x(), away.y());
        if (distance < least) {
            least = distance;
            nearest = box.key();
        }
    }
    return nearest;
}

QString AnswerView::tipOf(int chip) const {
    for (int i = 0; i < m_citations.size(); ++i) {
        const CitationItem& citation = m_citations[i];
        if (citation.id != citationOfChip(chip)) continue;
        const QString label = citation.pageLabel.isEmpty() ? QString::number(citation.page) : citation.pageLabel;
        QString tip = QStringLiteral("<p><b>%1</b><br>%2</p>")
                          .arg(tr("%1, p. %2", "document, page").arg(citation.documentName, label).toHtmlEscaped(),
                               citation.quote.simplified().left(300).toHtmlEscaped());
        if (!m_verdicts[i].isEmpty())
            tip += QStringLiteral("<p><i>%1</i></p>").arg(verdictWords(m_verdicts[i]).toHtmlEscaped());
        return tip;
    }
    return {};
}

bool AnswerView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int chip = chipAt(help->pos());
        if (chip >= 0)
            QToolTip::showText(help->globalPos(), tipOf(chip), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QTextBrowser::event(event);
}

void AnswerView::focusChip(int chip) {
    m_tail->focusedChip = chip;
    if (chip >= 0)
        setAccessibleDescription(tr("Citation %1 of %2: %3")
                                     .arg(chip + 1)
                                     .arg(chipCount())
                                     .arg(tipOf(chip).remove(QRegularExpression(QStringLiteral("<[^>]*>")))));
    viewport()->update();
}

bool AnswerView::focusNextPrevChild(bool next) {
    const int chip = m_tail->focusedChip + (next ? 1 : -1);
    if (m_tail->focusedChip < 0 && !next) return QTextBrowser::focusNextPrevChild(next);
    if (chip >= 0 && chip < chipCount()) {
        focusChip(chip);
        return true;
    }
    focusChip(-1);
    // QTextBrowser would walk through anchors; there are none.
    return QTextEdit::focusNextPrevChild(next);
}

void AnswerView::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    const int chip = m_tail->focusedChip;
    if (enter && chip >= 0)
        emit citationActivated(citationOfChip(chip));
    else if (chip >= 0 && event->key() == Qt::Key_Right)
        focusChip(qMin(chip + 1, chipCount() - 1));
    else if (chip >= 0 && event->key() == Qt::Key_Left)
        focusChip(qMax(chip - 1, 0));
    else
        QTextBrowser::keyPressEvent(event);
}

void AnswerView::mouseMoveEvent(QMouseEvent* event) {
    const int chip = chipAt(event->position());
    if (chip != m_tail->hoveredChip) {
        m_tail->hoveredChip = chip;
        viewport()->update();
    }
    if (m_pressedChip < 0) QTextBrowser::mouseMoveEvent(event);
    viewport()->setCursor(chip >= 0 ? Qt::PointingHandCursor : Qt::IBeamCursor);
}

void AnswerView::mousePressEvent(QMouseEvent* event) {
    m_pressedChip = event->button() == Qt::LeftButton ? chipAt(event->position()) : -1;
    if (m_pressedChip < 0) QTextBrowser::mousePressEvent(event);
}

void AnswerView::mouseReleaseEvent(QMouseEvent* event) {
    const int pressed = std::exchange(m_pressedChip, -1);
    if (pressed >= 0 && chipAt(event->position()) == pressed)
        emit citationActivated(citationOfChip(pressed));
    else if (pressed < 0)
        QTextBrowser::mouseReleaseEvent(event);
}

void AnswerView::leaveEvent(QEvent* event) {
    m_tail->hoveredChip = -1;
    viewport()->update();
    QTextBrowser::leaveEvent(event);
}

void AnswerView::focusOutEvent(QFocusEvent* event) {
    focusChip(-1);
    QTextBrowser::focusOutEvent(event);
}

void AnswerView::resizeEvent(QResizeEvent* event) {
    m_tail->forgetBoxes();
    QTextBrowser::resizeEvent(event);
    fitHeight();
}

void AnswerView::wheelEvent(QWheelEvent* event) {
    event->ignore(); // the talk scrolls, not the answer
}

void AnswerView::fitHeight() {
    document()->setTextWidth(viewport()->width());
    const int height = qCeil(document()->size().height()) + 4;
    if (height != maximumHeight() || height != minimumHeight()) setFixedHeight(height);
}

} // namespace lectern

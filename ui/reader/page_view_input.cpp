// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Keys, wheel and pointer of the page view.
#include <QtGui/QKeyEvent>
#include <QtGui/QMouseEvent>
#include <QtGui/QWheelEvent>
#include <QtWidgets/QScrollBar>

#include "ui/reader/page_view.h"
#include "ui/reader/tick_scroll_bar.h"

namespace lectern {

namespace {
constexpr int kOverlap = 48;   ///< of the view stays in sight when a screenful is turned
constexpr double kReach = 5.5; ///< around a chip, so that it takes clicks in 28 x 28
} // namespace

void PageView::keyPressEvent(QKeyEvent* event) {
    const int screen = qMax(1, viewport()->height() - kOverlap);
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_PageDown:
        scrollTo(m_bar->value() + screen, false);
        break;
    case Qt::Key_PageUp:
        scrollTo(m_bar->value() - screen, false);
        break;
    case Qt::Key_Space:
        scrollTo(m_bar->value() + (shift ? -screen : screen), false);
        break;
    case Qt::Key_Home:
        scrollTo(0, false);
        break;
    case Qt::Key_End:
        scrollTo(m_bar->maximum(), false);
        break;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void PageView::wheelEvent(QWheelEvent* event) {
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    if (event->angleDelta().y() > 0)
        zoomIn();
    else if (event->angleDelta().y() < 0)
        zoomOut();
    event->accept();
}

const MarginMark* PageView::markAt(const QPointF& position) const {
    for (const MarginMark& mark : std::as_const(m_marks))
        if (mark.box.adjusted(-kReach, -kReach, kReach + 16, kReach).contains(position)) return &mark;
    return nullptr;
}

void PageView::mousePressEvent(QMouseEvent* event) {
    const MarginMark* mark = markAt(event->position());
    if (mark && event->button() == Qt::LeftButton)
        emit markClicked(mark->id);
    else
        QAbstractScrollArea::mousePressEvent(event);
}

void PageView::mouseMoveEvent(QMouseEvent* event) {
    const MarginMark* mark = markAt(event->position());
    const int id = mark ? mark->id : 0;
    viewport()->setCursor(mark ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (id != m_hoveredMark) {
        m_hoveredMark = id;
        viewport()->update();
    }
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/tick_scroll_bar.h"

#include <QtGui/QPainter>

#include "ui/theme/theme.h"

namespace lectern {

TickScrollBar::TickScrollBar(const Theme& theme, QWidget* parent) : QScrollBar(Qt::Vertical, parent), m_theme(theme) {}

void TickScrollBar::setTicks(const QVector<double>& shares) {
    m_ticks = shares;
    update();
}

void TickScrollBar::paintEvent(QPaintEvent* event) {
    QScrollBar::paintEvent(event);
    QPainter painter(this);
    for (double share : m_ticks)
        painter.fillRect(QRect(1, qRound(share * (height() - 3)), width() - 2, 3), m_theme.color(Token::LitRule));
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/window/drop_hint.h"

#include <QtGui/QPainter>

#include "ui/theme/theme.h"

namespace lectern {

DropHint::DropHint(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropHint::offer(int paths) {
    m_words = tr("Drop to add %Ln files or folders to the library", nullptr, paths);
    setGeometry(parentWidget()->rect());
    raise();
    show();
}

void DropHint::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = m_theme.color(Token::Surface);
    veil.setAlphaF(0.75);
    painter.fillRect(rect(), veil);
    painter.setPen(QPen(m_theme.color(Token::Accent), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(8, 8, -8, -8), 8, 8);
    const QFont font = m_theme.font(TextRole::Question);
    const QSize words = QFontMetrics(font).size(Qt::TextSingleLine, m_words);
    QRectF card(0, 0, words.width() + 48, words.height() + 28);
    card.moveCenter(QRectF(rect()).center());
    painter.setPen(m_theme.color(Token::Control));
    painter.setBrush(m_theme.color(Token::Raised));
    painter.drawRoundedRect(card, 8, 8);
    painter.setFont(font);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(card, Qt::AlignCenter, m_words);
}

} // namespace lectern

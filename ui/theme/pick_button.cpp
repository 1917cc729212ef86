// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/pick_button.h"

#include <QtGui/QPainter>
#include <QtWidgets/QMenu>

#include "ui/theme/keyboard_focus.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr int kHeight = 28;
constexpr int kPadding = 8;
constexpr int kIcon = 16, kIconGap = 6;
constexpr int kArrow = 12, kArrowGap = 4;
constexpr int kLeastText = 24;
} // namespace

PickButton::PickButton(const Theme& theme, const QString& icon, bool filled, QWidget* parent)
    : QToolButton(parent), m_theme(theme), m_icon(icon), m_filled(filled) {
    setFont(theme.font(TextRole::Small));
    setPopupMode(QToolButton::InstantPopup);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

QSize PickButton::sizeHint() const {
    const int icon = m_icon.isEmpty() ? 0 : kIcon + kIconGap;
    const int words = QFontMetrics(m_theme.font(TextRole::Small)).horizontalAdvance(text());
    return {2 * kPadding + icon + words + 1 + kArrowGap + kArrow,
            qMax(kHeight, m_theme.lineHeight(TextRole::Small) + 12)};
}

QSize PickButton::minimumSizeHint() const {
    const int icon = m_icon.isEmpty() ? 0 : kIcon + kIconGap;
    return {2 * kPadding + icon + kLeastText + kArrowGap + kArrow, sizeHint().height()};
}

void PickButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool over = isEnabled() && (underMouse() || isDown() || (menu() && menu()->isVisible()));
    QColor ground = Qt::transparent;
    if (m_filled)
        ground = m_theme.color(over ? Token::Idle : Token::Hover);
    else if (over)
        ground = m_theme.color(Token::Hover);
    painter.setPen(hasKeyboardFocus(*this) ? QPen(m_theme.color(Token::Accent), 2) : QPen(Qt::NoPen));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 5, 5);

    const QColor ink = m_theme.color(isEnabled() ? Token::Text : Token::Disabled);
    const qreal ratio = devicePixelRatioF();
    QRect room = rect().adjusted(kPadding, 0, -kPadding, 0);
    if (!m_icon.isEmpty()) {
        painter.drawPixmap(room.left(), (height() - kIcon) / 2, m_theme.pixmap(m_icon, kIcon, ink, ratio));
        room.setLeft(room.left() + kIcon + kIconGap);
    }
    painter.drawPixmap(room.right() - kArrow + 1, (height() - kArrow) / 2 + 1,
                       m_theme.pixmap(QStringLiteral("chevron-down"), kArrow, ink, ratio));
    room.setRight(room.right() - kArrow - kArrowGap);
    const QFont font = m_theme.font(TextRole::Small);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(font).elidedText(text(), Qt::ElideRight, room.width() + 1));
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/library_delegate.h"

#include <QtGui/QPainter>

#include "ui/library/library_model.h"
#include "ui/theme/keyboard_focus.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr int kRowHeight = 28;
constexpr int kInset = 4; ///< of the selection's bar from the pane's edge
constexpr int kPadding = 8;
constexpr int kIcon = 16;
} // namespace

LibraryDelegate::LibraryDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

QSize LibraryDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {0, qMax(kRowHeight, m_theme.lineHeight(TextRole::Body) + 8)};
}

void LibraryDelegate::paintBack(QPainter* painter, const QStyleOptionViewItem& option) const {
    const QRectF bar = QRectF(option.rect).adjusted(kInset, 0, -kInset, 0);
    QColor fill = Qt::transparent;
    if (option.state & QStyle::State_Selected)
        fill = m_theme.color(option.state & QStyle::State_Active ? Token::Selection : Token::Idle);
    else if (option.state & QStyle::State_MouseOver)
        fill = m_theme.color(Token::Hover);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    painter->drawRoundedRect(bar, 5, 5);
    const auto* view = qobject_cast<const QWidget*>(option.widget);
    if ((option.state & QStyle::State_HasFocus) && view && hasKeyboardFocus(*view)) {
        painter->setPen(QPen(m_theme.color(Token::Accent), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(bar.adjusted(1, 1, -1, -1), 4, 4);
    }
}

QRect LibraryDelegate::paintBadge(QPainter* painter, const QRect& room, const QModelIndex& index, bool selected) const {
    const QString badge = index.data(LibraryModel::BadgeRole).toString();
    if (badge.isEmpty()) return room;
    const int count = index.data(LibraryModel::CountRole).toInt();
    const bool arriving = badge == QLatin1String("arriving");
    QString note;
    if (arriving && count >= 0)
        note = LibraryModel::tr("%1 %", "percent read").arg(count);
    else if (badge == QLatin1String("warning") && count > 0)
        note = QString::number(count);

    QRect left = room;
    const Token tokens = badge == QLatin1String("warning") ? Token::Partly
                         : badge == QLatin1String("error") ? Token::Contradicted
                         : arriving                        ? Token::Accent
                                                           : Token::Muted;
    if (!note.isEmpty()) {
        const QFont font = m_theme.font(TextRole::Small);
        painter->setFont(font);
        painter->setPen(m_theme.color(selected ? Token::OnSelection : arriving ? Token::Muted : tokens));
        painter->drawText(left, Qt::AlignRight | Qt::AlignVCenter, note);
        // The room of the widest number, so that badges of neighbouring rows stand in one column.
        const int width = QFontMetrics(font).horizontalAdvance(arriving ? LibraryModel::tr("%1 %").arg(100) : note);
        left.setRight(left.right() - width - 4);
    }
    const QRect box(left.right() - kIcon + 1, left.center().y() - kIcon / 2 + 1, kIcon, kIcon);
    const Token token = selected ? Token::OnSelection : tokens;
    if (arriving)
        paintRing(*painter, m_theme, QRectF(box), count < 0 ? -1.0 : count / 100.0, token);
    else
        painter->drawPixmap(box.topLeft(),
                            m_theme.pixmap(badge, kIcon, m_theme.color(token), painter->device()->devicePixelRatioF()));
    left.setRight(box.left() - 7);
    return left;
}

void LibraryDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    paintBack(painter, option);
    const bool selected = (option.state & QStyle::State_Selected) && (option.state & QStyle::State_Active);
    QRect room = option.rect.adjusted(kInset + kPadding, 0, -(kInset + kPadding), 0);
    const QPoint corner(room.left(), room.center().y() - kIcon / 2 + 1);
    const QColor muted = m_theme.color(selected ? Token::OnSelection : Token::Muted);
    painter->drawPixmap(corner, m_theme.pixmap(index.data(LibraryModel::IconRole).toString(), kIcon, muted,
                                               painter->device()->devicePixelRatioF()));
    room.setLeft(room.left() + kIcon + 6);
    room = paintBadge(painter, room, index, selected);
    const QFont font = m_theme.font(TextRole::Body);
    painter->setFont(font);
    painter->setPen(m_theme.color(selected ? Token::OnSelection : Token::Text));
    const QString name = QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, room.width());
    painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter, name);
    painter->restore();
}

} // namespace lectern

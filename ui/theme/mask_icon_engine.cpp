// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/mask_icon_engine.h"

#include <QtGui/QPainter>

#include "ui/theme/theme.h"

namespace lectern {

MaskIconEngine::MaskIconEngine(const Theme& theme, QString name, Token token)
    : m_theme(theme), m_name(std::move(name)), m_token(token) {}

QPixmap MaskIconEngine::map(int size, QIcon::Mode mode, qreal ratio) const {
    return m_theme.pixmap(m_name, size, m_theme.color(mode == QIcon::Disabled ? Token::Disabled : m_token), ratio);
}

void MaskIconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) {
    const int side = qMin(rect.width(), rect.height());
    const QPoint corner(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
    painter->drawPixmap(corner, map(side, mode, painter->device()->devicePixelRatioF()));
}

QPixmap MaskIconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) {
    return map(qMin(size.width(), size.height()), mode, 1);
}

QPixmap MaskIconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) {
    return map(qRound(qMin(size.width(), size.height()) / scale), mode, scale);
}

QIconEngine* MaskIconEngine::clone() const { return new MaskIconEngine(*this); }

} // namespace lectern

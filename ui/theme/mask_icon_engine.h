// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Draws an icon in the theme's present colour: one SVG serves all themes, states and pixel ratios.
#pragma once

#include <QtGui/QIconEngine>

#include "ui/theme/token.h"

namespace lectern {

class Theme;

class MaskIconEngine : public QIconEngine {
public:
    /// `theme` outlives every copy of the icon.
    MaskIconEngine(const Theme& theme, QString name, Token token);
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QIconEngine* clone() const override;

private:
    QPixmap map(int size, QIcon::Mode mode, qreal ratio) const;

    const Theme& m_theme;
    QString m_name;
    Token m_token;
};

} // namespace lectern

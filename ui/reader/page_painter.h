// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Paints one page: its image by day or night, lit words, margin chips, or the text that stands in for an image.
#pragma once

#include <QtCore/QRectF>
#include <QtCore/QVector>
#include <QtGui/QImage>

#include "ui/reader/lit_places.h"

class QPainter;

namespace lectern {

class Theme;

/// What stands where no image could be made.
struct FailedPage {
    QString message; ///< a sentence
    QString text;    ///< of the page, from the library
};

class PagePainter {
public:
    explicit PagePainter(const Theme& theme) : m_theme(theme) {}

    /// The image in the theme's page colours: as it is by day; lightness turned round and hues kept at night.
    QImage toTheme(const QImage& image) const;

    void paintSheet(QPainter& painter, const QRect& rect) const;
    void paintWaiting(QPainter& painter, const QRect& rect, const QString& label) const;
    void paintFailed(QPainter& painter, const QRect& rect, const FailedPage& failed) const;
    /// Over the image: multiply by day, screen at night, so that letters keep their soft edges.
    /// `pulse`: 0…1, deepens the open citation for a moment after a jump.
    void paintLit(QPainter& painter, const QRect& rect, int page, const QVector<LitCitation>& citations,
                  double pulse) const;
    void paintMarks(QPainter& painter, const QVector<MarginMark>& marks, int hovered) const;

private:
    /// The colour that turns paper into `goal` under the composition mode of the theme.
    QColor overPaper(const QColor& goal) const;

    const Theme& m_theme;
};

} // namespace lectern

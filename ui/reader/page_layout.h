// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Where the pages of a document lie below each other: plain geometry in device-independent pixels.
#pragma once

#include <QtCore/QRectF>
#include <QtCore/QSizeF>
#include <QtCore/QVector>

namespace lectern {

class PageLayout {
public:
    static constexpr int kGap = 16;    ///< between pages, and above the first
    static constexpr int kGutter = 58; ///< right of the page, for margin marks
    static constexpr int kLeft = 24;   ///< least room left of the page

    void setSizes(const QVector<QSizeF>& sizesPt);
    /// `pxPerPt`: scale of all pages; `viewWidth`: pages are set in the middle of it, shifted left for the gutter.
    void arrange(double pxPerPt, int viewWidth);

    bool isEmpty() const { return m_sizesPt.isEmpty(); }
    int pageCount() const { return int(m_sizesPt.size()); }
    int contentHeight() const { return m_height; }
    int contentWidth() const { return m_width; }
    /// The scale at which the widest page fills `viewWidth`.
    double fitWidthScale(int viewWidth) const;

    /// Pages count from 1. Rectangles are whole pixels in content coordinates.
    QRect pageRect(int page) const;
    /// The page at a height of the content; the next one in a gap.
    int pageAt(double y) const;

private:
    QVector<QSizeF> m_sizesPt;
    QVector<QRect> m_rects;
    int m_height = 0;
    int m_width = 0;
};

} // namespace lectern

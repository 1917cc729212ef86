// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/page_layout.h"

#include <algorithm>

namespace lectern {

void PageLayout::setSizes(const QVector<QSizeF>& sizesPt) {
    m_sizesPt = sizesPt;
    // A page without a usable size is laid out as A4: its text can still be shown.
    for (QSizeF& size : m_sizesPt)
        if (!(size.width() > 1 && size.height() > 1 && size.width() < 1e5 && size.height() < 1e5))
            size = QSizeF(595, 842);
}

void PageLayout::arrange(double pxPerPt, int viewWidth) {
    m_rects.clear();
    m_rects.reserve(m_sizesPt.size());
    m_width = 0;
    for (const QSizeF& size : m_sizesPt) m_width = std::max(m_width, qRound(size.width() * pxPerPt));
    m_width += kLeft + kGutter;
    const int room = std::max(m_width, viewWidth);
    int y = kGap;
    for (const QSizeF& size : m_sizesPt) {
        const int width = std::max(1, qRound(size.width() * pxPerPt));
        const int height = std::max(1, qRound(size.height() * pxPerPt));
        m_rects.append(QRect(kLeft + (room - kLeft - kGutter - width) / 2, y, width, height));
        y += height + kGap;
    }
    m_height = y;
}

double PageLayout::fitWidthScale(int viewWidth) const {
    double widest = 1;
    for (const QSizeF& size : m_sizesPt) widest = std::max(widest, size.width());
    return std::max(0.05, (viewWidth - kLeft - kGutter) / widest);
}

QRect PageLayout::pageRect(int page) const { return page >= 1 && page <= m_rects.size() ? m_rects[page - 1] : QRect(); }

int PageLayout::pageAt(double y) const {
    const auto found = std::lower_bound(m_rects.begin(), m_rects.end(), y,
                                        [](const QRect& rect, double at) { return rect.bottom() < at; });
    return int(std::min<qsizetype>(found - m_rects.begin() + 1, std::max<qsizetype>(1, m_rects.size())));
}

} // namespace lectern

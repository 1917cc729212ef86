// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/lit_places.h"

#include <algorithm>

namespace lectern {

namespace {
constexpr double kTaller = 1.5; ///< how far lit boxes reach over the words, above and below together
constexpr double kBeside = 11;  ///< gap between page and chip
constexpr double kStep = 20;    ///< least distance of two chips
constexpr QSizeF kChip(18, 17);

bool sameLine(const QRectF& a, const QRectF& b) {
    const double overlap = std::min(a.bottom(), b.bottom()) - std::max(a.top(), b.top());
    const double height = std::min(a.height(), b.height());
    const double gap = std::max(a.left(), b.left()) - std::min(a.right(), b.right());
    return overlap > height / 2 && gap < 2 * height;
}
} // namespace

QVector<QRectF> litLines(const LitCitation& citation, int page, const QRectF& pageRect) {
    QVector<QRectF> lines;
    for (const PlaceItem& place : citation.places) {
        if (place.page != page) continue;
        const QRectF inside = place.box.intersected(QRectF(0, 0, 1, 1));
        if (inside.isEmpty()) continue;
        const QRectF box(pageRect.x() + inside.x() * pageRect.width(), pageRect.y() + inside.y() * pageRect.height(),
                         inside.width() * pageRect.width(), inside.height() * pageRect.height());
        const QRectF tall = box.adjusted(0, -kTaller / 2, 0, kTaller / 2);
        if (!lines.isEmpty() && sameLine(lines.last(), tall))
            lines.last() = lines.last().united(tall);
        else
            lines.append(tall);
    }
    return lines;
}

QVector<MarginMark> marginMarks(const QVector<LitCitation>& citations, int page, const QRectF& pageRect) {
    QVector<MarginMark> marks;
    for (const LitCitation& citation : citations) {
        const QVector<QRectF> lines = litLines(citation, page, pageRect);
        if (lines.isEmpty()) continue;
        const double middle = lines.first().center().y();
        const double width = std::max(kChip.width(), 10.0 + 7.0 * QString::number(citation.id).size());
        marks.append({citation.id, citation.open, citation.verdict,
                      QRectF(pageRect.right() + kBeside, middle - kChip.height() / 2, width, kChip.height())});
    }
    std::stable_sort(marks.begin(), marks.end(),
                     [](const MarginMark& a, const MarginMark& b) { return a.box.top() < b.box.top(); });
    for (int i = 1; i < marks.size(); ++i)
        marks[i].box.moveTop(std::max(marks[i].box.top(), marks[i - 1].box.top() + kStep));
    return marks;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The lit words of an answer's citations, and the marks beside the page that belong to them.
#pragma once

#include <QtCore/QRectF>
#include <QtCore/QString>
#include <QtCore/QVector>

#include "app/services/items.h"

namespace lectern {

/// A citation of the answer that is shown, as the reader needs it.
struct LitCitation {
    int id = 0;
    bool open = false; ///< the one that was clicked: full yellow; the others are pale
    qint64 document = 0;
    QString verdict;
    QVector<PlaceItem> places;
};

/// A chip in the gutter, level with the first lit line.
struct MarginMark {
    int id = 0;
    bool open = false;
    QString verdict;
    QRectF box;
};

/// The places of `citation` on a page as one box a line, in the pixels of `pageRect`. Words of a line are joined unless
/// a column lies between them.
QVector<QRectF> litLines(const LitCitation& citation, int page, const QRectF& pageRect);

/// Chips for all citations that have a place on the page; where two would touch, the lower one moves down.
QVector<MarginMark> marginMarks(const QVector<LitCitation>& citations, int page, const QRectF& pageRect);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The page images that a view keeps, within a budget of bytes, and what it has asked for.
#pragma once

#include <QtCore/QCache>
#include <QtCore/QHash>
#include <QtGui/QImage>

#include "ui/reader/page_painter.h"

namespace lectern {

class PageImages {
public:
    /// `budgetBytes` bounds the images kept; the ones not looked at for longest go first.
    explicit PageImages(qint64 budgetBytes);

    struct Entry {
        int widthPx = 0; ///< as asked for
        QImage image;
    };
    /// The image of a page, of any width, or nullptr. Stays valid until the next insert.
    const Entry* find(int page) const { return m_images.object(page); }
    void insert(int page, int widthPx, const QImage& image);
    void setFailed(int page, const FailedPage& failed) { m_failed.insert(page, failed); }
    const FailedPage* failed(int page) const;
    /// Whether a request is needed: no image of this width, and the page did not fail.
    bool lacks(int page, int widthPx) const;
    void clear();
    qint64 bytes() const { return qint64(m_images.totalCost()) * kUnit; }

private:
    static constexpr int kUnit = 1024; ///< QCache counts in int; kibibytes reach far enough
    QCache<int, Entry> m_images;
    QHash<int, FailedPage> m_failed;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/page_images.h"

namespace lectern {

PageImages::PageImages(qint64 budgetBytes) : m_images(int(budgetBytes / kUnit)) {}

void PageImages::insert(int page, int widthPx, const QImage& image) {
    m_failed.remove(page);
    m_images.insert(page, new Entry{widthPx, image}, int(image.sizeInBytes() / kUnit) + 1);
}

const FailedPage* PageImages::failed(int page) const {
    const auto found = m_failed.constFind(page);
    return found == m_failed.constEnd() ? nullptr : &*found;
}

bool PageImages::lacks(int page, int widthPx) const {
    if (m_failed.contains(page)) return false;
    const Entry* entry = m_images.object(page);
    return !entry || entry->widthPx != widthPx;
}

void PageImages::clear() {
    m_images.clear();
    m_failed.clear();
}

} // namespace lectern

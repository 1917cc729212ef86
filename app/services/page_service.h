// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Pages for the reader: sizes, images rendered by the sandboxed process, words for selection. All in the background.
#pragma once

#include <memory>

#include <QtCore/QObject>
#include <QtGui/QImage>

#include "app/services/items.h"

namespace lectern {

class LibrarySession;

class PageService : public QObject {
    Q_OBJECT
public:
    explicit PageService(LibrarySession& session, QObject* parent = nullptr);
    ~PageService() override;

public slots:
    /// Answers with layoutReady: sizes in points and labels of all pages stored so far.
    void requestLayout(qint64 document);
    /// Answers with pageReady or pageFailed. The newest request is served first; a cached image comes at once.
    void requestPage(qint64 document, int page, int widthPx);
    /// Forgets requests that are no longer needed (the reader scrolled on).
    void dropRequests();

signals:
    void layoutReady(qint64 document, const QVector<QSizeF>& sizesPt, const QStringList& labels);
    void pageReady(qint64 document, int page, int widthPx, const QImage& image);
    /// `text`: the page's text from the library, so that something can be read where no image can be made.
    void pageFailed(qint64 document, int page, const QString& message, const QString& text);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace lectern

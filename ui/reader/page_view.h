// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The pages of one document below each other: scrolling, zoom, lit words. Images come from the PageService when they
/// are ready; a page that has none yet is an empty sheet.
#pragma once

#include <QtCore/QStringList>
#include <QtCore/QTimer>
#include <QtWidgets/QAbstractScrollArea>

#include "ui/reader/lit_places.h"
#include "ui/reader/page_images.h"
#include "ui/reader/page_layout.h"
#include "ui/reader/page_painter.h"

class QVariantAnimation;

namespace lectern {

class PageService;
class Theme;
class TickScrollBar;

/// A spot to come back to.
struct ReadingPlace {
    int page = 1;
    double share = 0; ///< of the page's height that lies above the view
};

class PageView : public QAbstractScrollArea {
    Q_OBJECT
public:
    PageView(const Theme& theme, PageService& pages, qint64 document, QWidget* parent = nullptr);

    qint64 document() const { return m_document; }
    int pageCount() const { return m_layout.pageCount(); }
    /// The page under the upper third of the view.
    int currentPage() const;
    QString label(int page) const;
    /// A label as printed, or a number; 0 if there is no such page.
    int findPage(const QString& text) const;

    ReadingPlace place() const;
    void setPlace(const ReadingPlace& place);
    void goToPage(int page) { setPlace({page, 0}); }
    /// Scrolls until the place stands in the upper third of the view; later, if the layout is not known yet.
    void showPlace(const PlaceItem& place);

    void setLit(const QVector<LitCitation>& citations);
    const QVector<LitCitation>& lit() const { return m_lit; }
    /// The lit lines of the open citation on a page, in viewport coordinates.
    QVector<QRectF> openLines(int page) const;

    bool fitsWidth() const { return m_fitWidth; }
    int zoomPercent() const;
    void setZoomPercent(int percent);
    void setFitWidth();
    void zoomIn();
    void zoomOut();

    /// How many pages of the document the library has by now; asks for the layout again when there are more.
    void setStoredPages(int pages);
    /// A view that is not shown keeps no images.
    void setActive(bool active);

signals:
    void viewChanged();
    void markClicked(int citation);

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void layoutArrived(const QVector<QSizeF>& sizesPt, const QStringList& labels);
    void arrange();
    void requestVisible();
    void forgetImages();
    void scrollTo(int value, bool animated);
    void updateTicks();
    QPoint offset() const;
    int widthPxOf(int page) const;
    const MarginMark* markAt(const QPointF& position) const;

    const Theme& m_theme;
    PageService& m_pages;
    const qint64 m_document;
    PagePainter m_painter;
    PageLayout m_layout;
    PageImages m_images;
    QStringList m_labels;
    QVector<LitCitation> m_lit;
    mutable QVector<MarginMark> m_marks; ///< of the visible pages, as painted last
    TickScrollBar* m_bar;
    QTimer m_requestTimer;
    QVariantAnimation* m_scroll;
    QVariantAnimation* m_pulse;
    PlaceItem m_pendingPlace;
    ReadingPlace m_pendingReading;
    double m_pxPerPt = 1;
    bool m_fitWidth = true;
    bool m_active = true;
    bool m_arranging = false;
    bool m_layoutKnown = false;
    int m_storedPages = 0;
    int m_hoveredMark = 0;
};

} // namespace lectern

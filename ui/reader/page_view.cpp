// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/page_view.h"

#include <QtCore/QVariantAnimation>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QScrollBar>

#include "app/services/page_service.h"
#include "ui/reader/tick_scroll_bar.h"
#include "ui/theme/keyboard_focus.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr qint64 kImageBudget = 192ll << 20;
constexpr double kPxPerPt100 = 96.0 / 72.0; ///< scale at 100 %
constexpr int kJumpMs = 140;
constexpr int kPulseMs = 500;
constexpr int kRequestDelayMs = 30; ///< scrolling asks once for where it came to, not for all it passed
constexpr int kLineStep = 48;
} // namespace

PageView::PageView(const Theme& theme, PageService& pages, qint64 document, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme), m_pages(pages), m_document(document), m_painter(theme),
      m_images(kImageBudget), m_bar(new TickScrollBar(theme, this)), m_scroll(new QVariantAnimation(this)),
      m_pulse(new QVariantAnimation(this)) {
    setObjectName(QStringLiteral("pages"));
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBar(m_bar);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Pages"));
    m_requestTimer.setSingleShot(true);
    m_requestTimer.setInterval(kRequestDelayMs);
    connect(&m_requestTimer, &QTimer::timeout, this, &PageView::requestVisible);
    m_scroll->setDuration(kJumpMs);
    m_scroll->setEasingCurve(QEasingCurve::OutCubic);
    connect(m_scroll, &QVariantAnimation::valueChanged, this,
            [this](const QVariant& value) { m_bar->setValue(value.toInt()); });
    m_pulse->setDuration(kPulseMs);
    m_pulse->setStartValue(1.0);
    m_pulse->setEndValue(0.0);
    connect(m_pulse, &QVariantAnimation::valueChanged, viewport(), qOverload<>(&QWidget::update));
    connect(&theme, &Theme::changed, this, &PageView::forgetImages);

    connect(&pages, &PageService::layoutReady, this,
            [this](qint64 of, const QVector<QSizeF>& sizes, const QStringList& labels) {
                if (of == m_document) layoutArrived(sizes, labels);
            });
    connect(&pages, &PageService::pageReady, this, [this](qint64 of, int page, int widthPx, const QImage& image) {
        if (of != m_document || !m_active || image.isNull()) return;
        m_images.insert(page, widthPx, m_painter.toTheme(image));
        viewport()->update();
    });
    connect(&pages, &PageService::pageFailed, this,
            [this](qint64 of, int page, const QString& message, const QString& text) {
                if (of != m_document) return;
                m_images.setFailed(page, {message, text});
                viewport()->update();
            });
    pages.requestLayout(document);
}

void PageView::layoutArrived(const QVector<QSizeF>& sizesPt, const QStringList& labels) {
    const ReadingPlace before = m_layout.isEmpty() ? m_pendingReading : place();
    m_layout.setSizes(sizesPt);
    m_labels = labels;
    m_layoutKnown = true;
    arrange();
    if (m_pendingPlace.page > 0)
        showPlace(std::exchange(m_pendingPlace, {}));
    else
        setPlace(before);
    emit viewChanged();
}

void PageView::arrange() {
    // The scroll bar's range changes below us; what stood at the top of the view stands there afterwards.
    m_arranging = true;
    if (m_fitWidth && !m_layout.isEmpty()) m_pxPerPt = m_layout.fitWidthScale(viewport()->width());
    m_layout.arrange(m_pxPerPt, viewport()->width());
    m_bar->setRange(0, qMax(0, m_layout.contentHeight() - viewport()->height()));
    m_bar->setPageStep(viewport()->height());
    m_bar->setSingleStep(kLineStep);
    horizontalScrollBar()->setRange(0, qMax(0, m_layout.contentWidth() - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    m_arranging = false;
    updateTicks();
    m_requestTimer.start();
    viewport()->update();
}

int PageView::currentPage() const { return m_layout.pageAt(m_bar->value() + viewport()->height() / 3.0); }

QString PageView::label(int page) const {
    const QString label = m_labels.value(page - 1);
    return label.isEmpty() ? QString::number(page) : label;
}

int PageView::findPage(const QString& text) const {
    const QString wanted = text.trimmed();
    const int labelled = int(m_labels.indexOf(wanted));
    if (!wanted.isEmpty() && labelled >= 0) return labelled + 1;
    const int number = wanted.toInt();
    return number >= 1 && number <= pageCount() ? number : 0;
}

ReadingPlace PageView::place() const {
    if (m_layout.isEmpty()) return m_pendingReading;
    // While a jump is shown moving, the place is where it goes.
    const int top = m_scroll->state() == QAbstractAnimation::Running ? m_scroll->endValue().toInt() : m_bar->value();
    const int page = m_layout.pageAt(top);
    const QRect rect = m_layout.pageRect(page);
    return {page, rect.height() > 0 ? (top - rect.top() + PageLayout::kGap) / double(rect.height()) : 0.0};
}

void PageView::setPlace(const ReadingPlace& place) {
    m_pendingReading = place;
    const QRect rect = m_layout.pageRect(place.page);
    if (!rect.isEmpty()) scrollTo(qRound(rect.top() - PageLayout::kGap + place.share * rect.height()), false);
}

void PageView::showPlace(const PlaceItem& place) {
    const QRect rect = m_layout.pageRect(place.page);
    if (rect.isEmpty()) {
        m_pendingPlace = place;
        return;
    }
    const double top = rect.top() + place.box.top() * rect.height();
    const double bottom = rect.top() + place.box.bottom() * rect.height();
    const bool visible = top > m_bar->value() + 24 && bottom < m_bar->value() + viewport()->height() - 24;
    if (!visible) scrollTo(qRound(top - viewport()->height() / 4.0), true);
    m_pulse->stop();
    m_pulse->start();
}

void PageView::scrollTo(int value, bool animated) {
    const int goal = qBound(0, value, m_bar->maximum());
    m_scroll->stop();
    if (!animated || !isVisible()) {
        m_bar->setValue(goal);
        return;
    }
    // From afar only the last stretch is shown moving.
    const int reach = viewport()->height();
    m_scroll->setStartValue(qBound(goal - reach, m_bar->value(), goal + reach));
    m_scroll->setEndValue(goal);
    m_scroll->start();
}

void PageView::setLit(const QVector<LitCitation>& citations) {
    m_lit.clear();
    for (const LitCitation& citation : citations)
        if (citation.document == m_document) m_lit.append(citation);
    updateTicks();
    viewport()->update();
}

QVector<QRectF> PageView::openLines(int page) const {
    for (const LitCitation& citation : m_lit)
        if (citation.open) return litLines(citation, page, QRectF(m_layout.pageRect(page).translated(-offset())));
    return {};
}

void PageView::updateTicks() {
    QVector<double> shares;
    for (const LitCitation& citation : std::as_const(m_lit))
        if (!citation.places.isEmpty() && m_layout.contentHeight() > 0) {
            const PlaceItem& first = citation.places.first();
            const QRect rect = m_layout.pageRect(first.page);
            shares.append((rect.top() + first.box.top() * rect.height()) / m_layout.contentHeight());
        }
    m_bar->setTicks(shares);
}

int PageView::zoomPercent() const { return qRound(100 * m_pxPerPt / kPxPerPt100); }

void PageView::setZoomPercent(int percent) {
    const ReadingPlace before = place();
    m_fitWidth = false;
    m_pxPerPt = qBound(10, percent, 500) / 100.0 * kPxPerPt100;
    arrange();
    setPlace(before);
    emit viewChanged();
}

void PageView::setFitWidth() {
    const ReadingPlace before = place();
    m_fitWidth = true;
    arrange();
    setPlace(before);
    emit viewChanged();
}

void PageView::zoomIn() { setZoomPercent(qMax(zoomPercent() + 1, qRound(zoomPercent() * 1.2))); }

void PageView::zoomOut() { setZoomPercent(qRound(zoomPercent() / 1.2)); }

void PageView::setStoredPages(int pages) {
    const bool more = pages > m_storedPages && pages > pageCount();
    m_storedPages = pages;
    if (more) m_pages.requestLayout(m_document);
}

void PageView::setActive(bool active) {
    m_active = active;
    if (active)
        m_requestTimer.start();
    else
        m_images.clear();
}

void PageView::forgetImages() {
    m_images.clear();
    m_requestTimer.start();
    viewport()->update();
}

QPoint PageView::offset() const { return {horizontalScrollBar()->value(), m_bar->value()}; }

int PageView::widthPxOf(int page) const { return qRound(m_layout.pageRect(page).width() * devicePixelRatioF()); }

void PageView::requestVisible() {
    if (!m_active || m_layout.isEmpty() || !isVisible()) return;
    const int first = m_layout.pageAt(m_bar->value());
    const int last = qMin(m_layout.pageAt(m_bar->value() + viewport()->height()) + 1, pageCount());
    m_pages.dropRequests();
    // The newest request is served first, so the page at the top is asked for last.
    for (int page = last; page >= first; --page)
        if (m_images.lacks(page, widthPxOf(page))) m_pages.requestPage(m_document, page, widthPxOf(page));
}

bool PageView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave && m_hoveredMark != 0) {
        m_hoveredMark = 0;
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void PageView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.color(Token::Desk));
    m_marks.clear();
    if (m_layout.isEmpty()) {
        painter.setFont(m_theme.font(TextRole::Body));
        painter.setPen(m_theme.color(Token::Muted));
        painter.drawText(viewport()->rect().adjusted(0, 48, 0, 0), Qt::AlignHCenter | Qt::AlignTop,
                         m_layoutKnown ? tr("No page of it is in the library yet.") : tr("Opening…"));
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const double pulse = m_pulse->state() == QAbstractAnimation::Running ? m_pulse->currentValue().toDouble() : 0.0;
    const int last = m_layout.pageAt(m_bar->value() + viewport()->height());
    for (int page = m_layout.pageAt(m_bar->value()); page <= last; ++page) {
        const QRect rect = m_layout.pageRect(page).translated(-offset());
        m_painter.paintSheet(painter, rect);
        if (const FailedPage* failed = m_images.failed(page)) {
            m_painter.paintFailed(painter, rect, *failed);
        } else if (const PageImages::Entry* entry = m_images.find(page)) {
            painter.drawImage(QRectF(rect), entry->image);
            m_painter.paintLit(painter, rect, page, m_lit, pulse);
        } else {
            m_painter.paintWaiting(painter, rect, tr("page %1").arg(label(page)));
        }
        m_marks += marginMarks(m_lit, page, QRectF(rect));
    }
    m_painter.paintMarks(painter, m_marks, m_hoveredMark);
    if (hasKeyboardFocus(*this)) {
        painter.setPen(QPen(m_theme.color(Token::Accent), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

void PageView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    const ReadingPlace before = place();
    arrange();
    if (!m_layout.isEmpty()) setPlace(before);
    emit viewChanged();
}

void PageView::scrollContentsBy(int, int) {
    viewport()->update();
    if (m_arranging) return;
    m_requestTimer.start();
    emit viewChanged();
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/reader_pane.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include "app/services/page_service.h"
#include "ui/library/library_model.h"
#include "ui/reader/empty_reader.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_tools.h"
#include "ui/theme/pieces.h"
#include "ui/theme/quiet_tabs.h"
#include "ui/theme/theme.h"

namespace lectern {

ReaderPane::ReaderPane(const Theme& theme, PageService& pages, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_pages(pages) {
    setObjectName(QStringLiteral("reader"));
    setAttribute(Qt::WA_StyledBackground);
    setMinimumWidth(420);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    QFrame* row = makeRow(36, {4, 0, 4, 0}, "tabs", this);
    m_tabRow = row;
    m_tabs = new QuietTabs(row);
    m_tabs->setMovable(true);
    m_tabs->setAccessibleName(tr("Open documents"));
    rowLayout(row)->addWidget(m_tabs, 1, Qt::AlignBottom);
    layout->addWidget(row);
    m_tools = new ReaderTools(theme, this);
    layout->addWidget(m_tools);
    m_stack = new QStackedWidget(this);
    m_empty = new EmptyReader(theme, m_stack);
    m_stack->addWidget(m_empty);
    layout->addWidget(m_stack, 1);

    connect(m_tabs, &QTabBar::currentChanged, this, &ReaderPane::tabChanged);
    connect(m_tools, &ReaderTools::backRequested, this, &ReaderPane::goBack);
    connect(m_tools, &ReaderTools::forwardRequested, this, &ReaderPane::goForward);
    connect(m_tools, &ReaderTools::zoomInRequested, this, &ReaderPane::zoomIn);
    connect(m_tools, &ReaderTools::zoomOutRequested, this, &ReaderPane::zoomOut);
    connect(m_tools, &ReaderTools::fitWidthRequested, this, &ReaderPane::fitWidth);
    connect(m_tools, &ReaderTools::pageTyped, this, [this](const QString& text) {
        PageView* view = currentView();
        if (const int page = view ? view->findPage(text) : 0; page > 0) {
            leaveHere();
            view->goToPage(page);
            view->setFocus();
        }
        refreshTools();
    });
    connect(m_empty, &EmptyReader::addFilesRequested, this, &ReaderPane::addFilesRequested);
    connect(m_empty, &EmptyReader::addFolderRequested, this, &ReaderPane::addFolderRequested);
    tabChanged();
}

PageView* ReaderPane::currentView() const { return qobject_cast<PageView*>(m_stack->currentWidget()); }

qint64 ReaderPane::currentDocument() const {
    const PageView* view = currentView();
    return view ? view->document() : 0;
}

int ReaderPane::tabOf(qint64 document) const {
    for (int tab = 0; tab < m_tabs->count(); ++tab)
        if (m_tabs->tabData(tab).toLongLong() == document) return tab;
    return -1;
}

PageView* ReaderPane::viewOf(qint64 document) const {
    for (int i = 0; i < m_stack->count(); ++i)
        if (auto* view = qobject_cast<PageView*>(m_stack->widget(i)); view && view->document() == document) return view;
    return nullptr;
}

PageView* ReaderPane::open(qint64 document, const QString& name, const QString& icon) {
    PageView* view = viewOf(document);
    if (!view) {
        view = new PageView(m_theme, m_pages, document, m_stack);
        view->setLit(m_lit);
        connect(view, &PageView::viewChanged, this, &ReaderPane::refreshTools);
        connect(view, &PageView::markClicked, this, &ReaderPane::markClicked);
        m_stack->addWidget(view);
        // The view exists before its tab: currentChanged looks it up.
        const QSignalBlocker quiet(m_tabs);
        const int tab = m_tabs->addTab(m_theme.icon(icon, Token::Text), name);
        m_tabs->setTabData(tab, document);
        m_tabs->setTabToolTip(tab, name);
        auto* close = makeToolButton(m_theme, QStringLiteral("close"), tr("Close %1").arg(name), m_tabs);
        close->setProperty("small", true);
        close->setFixedSize(20, 20);
        close->setIconSize({12, 12});
        close->setFocusPolicy(Qt::NoFocus);
        connect(close, &QToolButton::clicked, this, [this, document] { closeDocument(document); });
        m_tabs->setTabButton(tab, QTabBar::RightSide, close);
    }
    if (m_tabs->currentIndex() == tabOf(document))
        tabChanged();
    else
        m_tabs->setCurrentIndex(tabOf(document));
    return view;
}

void ReaderPane::openDocument(const DocumentItem& document) {
    if (currentDocument() == document.id) return;
    if (currentView()) leaveHere();
    open(document.id, document.name, iconOfKind(document.kind));
}

void ReaderPane::closeDocument(qint64 document) {
    m_history.forget(document);
    PageView* view = viewOf(document);
    const int tab = tabOf(document);
    if (!view || tab < 0) return;
    m_stack->removeWidget(view);
    view->deleteLater();
    m_tabs->removeTab(tab);
    tabChanged();
}

void ReaderPane::showCitation(const CitationItem& citation, const QVector<LitCitation>& lit) {
    if (currentView()) leaveHere();
    PageView* view = open(citation.document, citation.documentName, QStringLiteral("file-pdf"));
    setLit(lit);
    if (!citation.places.isEmpty())
        view->showPlace(citation.places.first());
    else
        view->showPlace({citation.page, QRectF(0, 0, 1, 0.05)});
    refreshTools();
}

void ReaderPane::setLit(const QVector<LitCitation>& lit) {
    m_lit = lit;
    for (int i = 0; i < m_stack->count(); ++i)
        if (auto* view = qobject_cast<PageView*>(m_stack->widget(i))) view->setLit(lit);
}

void ReaderPane::updateDocuments(const QVector<DocumentItem>& documents) {
    m_empty->setLibrary(int(documents.size()));
    QVector<qint64> gone;
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        const qint64 id = m_tabs->tabData(tab).toLongLong();
        const auto found = std::find_if(documents.begin(), documents.end(), [id](const auto& d) { return d.id == id; });
        if (found == documents.end())
            gone.append(id);
        else if (m_tabs->tabText(tab) != found->name)
            m_tabs->setTabText(tab, found->name);
        if (PageView* view = found == documents.end() ? nullptr : viewOf(id)) view->setStoredPages(found->pages);
    }
    for (qint64 id : std::as_const(gone)) closeDocument(id);
}

void ReaderPane::tabChanged() {
    const int tab = m_tabs->currentIndex();
    PageView* view = tab >= 0 ? viewOf(m_tabs->tabData(tab).toLongLong()) : nullptr;
    PageView* before = currentView();
    if (before && before != view) before->setActive(false);
    m_stack->setCurrentWidget(view ? static_cast<QWidget*>(view) : m_empty);
    if (view && view != before) view->setActive(true);
    m_tabRow->setVisible(view != nullptr);
    m_tools->setVisible(view != nullptr);
    refreshTools();
    emit currentDocumentChanged(currentDocument());
}

HistoryPlace ReaderPane::here() const {
    const PageView* view = currentView();
    return view ? HistoryPlace{view->document(), view->place()} : HistoryPlace{};
}

void ReaderPane::leaveHere() { m_history.leave(here()); }

void ReaderPane::go(const HistoryPlace& to) {
    if (PageView* view = viewOf(to.document)) {
        m_tabs->setCurrentIndex(tabOf(to.document));
        view->setPlace(to.place);
    }
    refreshTools();
}

void ReaderPane::goBack() {
    if (m_history.canGoBack()) go(m_history.back(here()));
}

void ReaderPane::goForward() {
    if (m_history.canGoForward()) go(m_history.forward(here()));
}

void ReaderPane::goToNextPage() {
    if (PageView* view = currentView()) view->goToPage(qMin(view->currentPage() + 1, view->pageCount()));
}

void ReaderPane::goToPreviousPage() {
    if (PageView* view = currentView()) view->goToPage(qMax(view->currentPage() - 1, 1));
}

void ReaderPane::focusPageNumber() { m_tools->focusPage(); }

void ReaderPane::focusPages() {
    if (PageView* view = currentView())
        view->setFocus(Qt::ShortcutFocusReason);
    else
        m_empty->focusFirst();
}

void ReaderPane::zoomIn() {
    if (PageView* view = currentView()) view->zoomIn();
}

void ReaderPane::zoomOut() {
    if (PageView* view = currentView()) view->zoomOut();
}

void ReaderPane::fitWidth() {
    if (PageView* view = currentView()) view->setFitWidth();
}

void ReaderPane::closeCurrent() {
    if (const qint64 document = currentDocument()) closeDocument(document);
}

void ReaderPane::refreshTools() {
    m_tools->showHistory(m_history.canGoBack(), m_history.canGoForward());
    if (const PageView* view = currentView()) {
        const int page = view->currentPage();
        m_tools->showPage(page, view->label(page), view->pageCount());
        m_tools->showZoom(view->pageCount() > 0 ? view->zoomPercent() : 0, view->fitsWidth());
    }
}

} // namespace lectern

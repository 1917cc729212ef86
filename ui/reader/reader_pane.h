// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The reader in the middle: a tab for each open document, tools, pages.
#pragma once

#include <QtWidgets/QWidget>

#include "app/services/items.h"
#include "ui/reader/lit_places.h"
#include "ui/reader/reading_history.h"

class QStackedWidget;
class QTabBar;

namespace lectern {

class EmptyReader;
class PageService;
class PageView;
class ReaderTools;
class Theme;

class ReaderPane : public QWidget {
    Q_OBJECT
public:
    ReaderPane(const Theme& theme, PageService& pages, QWidget* parent = nullptr);

    /// nullptr if no document is open.
    PageView* currentView() const;
    qint64 currentDocument() const;
    void openDocument(const DocumentItem& document);
    void closeDocument(qint64 document);
    /// Opens the document of the citation at its place. `lit`: all citations of the answer, the open one marked.
    void showCitation(const CitationItem& citation, const QVector<LitCitation>& lit);
    /// Lights the citations of another answer, without moving.
    void setLit(const QVector<LitCitation>& lit);
    /// Follows names and removals; `documents`: what the library has now.
    void updateDocuments(const QVector<DocumentItem>& documents);

public slots:
    void goBack();
    void goForward();
    void goToNextPage();
    void goToPreviousPage();
    void focusPageNumber();
    void focusPages();
    void zoomIn();
    void zoomOut();
    void fitWidth();
    void closeCurrent();

signals:
    void currentDocumentChanged(qint64 document);
    void markClicked(int citation);
    void addFilesRequested();
    void addFolderRequested();

private:
    PageView* viewOf(qint64 document) const;
    int tabOf(qint64 document) const;
    PageView* open(qint64 document, const QString& name, const QString& icon);
    void tabChanged();
    void leaveHere();
    void go(const HistoryPlace& to);
    HistoryPlace here() const;
    void refreshTools();

    const Theme& m_theme;
    PageService& m_pages;
    QTabBar* m_tabs;
    QWidget* m_tabRow;
    ReaderTools* m_tools;
    QStackedWidget* m_stack;
    EmptyReader* m_empty;
    ReadingHistory m_history;
    QVector<LitCitation> m_lit;
};

} // namespace lectern

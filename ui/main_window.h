// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The window of Lectern: library, reader and talk side by side, or as tabs where it is narrow.
#pragma once

#include <array>

#include <QtCore/QSettings>
#include <QtWidgets/QMainWindow>

#include "app/services/items.h"

class QSplitter;

namespace lectern {

class AskService;
class DropHint;
class ImportReport;
class LibraryPane;
class LibraryService;
class MessageBar;
class ModelService;
class PageService;
class PaneTabs;
class ReaderPane;
class StatusLine;
class TalkPane;
class Theme;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Theme and services outlive the window. Call LibraryService::resumeAdding() and ModelService::load() yourself.
    MainWindow(Theme& theme, LibraryService& library, PageService& pages, AskService& asking, ModelService& model,
               QWidget* parent = nullptr);

    /// Size, widths of the panes, theme.
    void restoreLook(const QSettings& settings);
    void saveLook(QSettings& settings) const;

    LibraryPane& libraryPane() const { return *m_libraryPane; }
    ReaderPane& readerPane() const { return *m_reader; }
    TalkPane& talkPane() const { return *m_talk; }
    ImportReport& importReport() const { return *m_report; }

public slots:
    void addFiles();
    void addFolder();
    void chooseModel();
    void openDocument(qint64 document);
    void copy();
    void focusNextPane(int step);
    /// 0 library, 1 reader, 2 talk. The reader always stays.
    void setPaneWanted(int pane, bool wanted);

signals:
    void logFolderRequested();
    /// The last chance to save the look; the window goes after it.
    void closing();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOut();
    void connectLibrary();
    void connectPanes();
    void makeMenus();
    void askToRemove(const QVector<qint64>& documents);
    void refreshDocuments();
    void showPane(int pane);
    void arrangePanes();
    QVector<QWidget*> panes() const;

    Theme& m_theme;
    LibraryService& m_library;
    ModelService& m_model;
    QSplitter* m_splitter;
    PaneTabs* m_paneTabs;
    LibraryPane* m_libraryPane;
    ReaderPane* m_reader;
    TalkPane* m_talk;
    ImportReport* m_report;
    MessageBar* m_message;
    StatusLine* m_status;
    DropHint* m_dropHint;
    std::array<bool, 3> m_wanted{true, true, true}; ///< panes, while the window is wide
    bool m_narrow = false;
    int m_pane = 2; ///< the one shown while narrow
};

} // namespace lectern

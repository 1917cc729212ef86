// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The library at the left: filter, documents, and the line about what is being added.
#pragma once

#include <QtWidgets/QWidget>

#include "app/services/items.h"

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QToolButton;

namespace lectern {

class AddTray;
class LibraryModel;
class LibraryService;
class LibraryView;
class Theme;

class LibraryPane : public QWidget {
    Q_OBJECT
public:
    LibraryPane(const Theme& theme, LibraryService& library, QWidget* parent = nullptr);
    const LibraryModel& model() const { return *m_model; }
    QVector<qint64> selectedDocuments() const;
    /// The row of what the reader shows; nothing else is selected then.
    void select(qint64 document);

public slots:
    void focusFilter();
    void focusList();

signals:
    void openRequested(qint64 document);
    void removeRequested(const QVector<qint64>& documents);
    void folderRequested(const QString& path);
    void addFilesRequested();
    void addFolderRequested();
    void selectionChangedTo(const QVector<qint64>& documents);
    void documentsChanged();

private:
    QWidget* makeHead();
    void updateEmpty();

    const Theme& m_theme;
    LibraryModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QLineEdit* m_filter;
    LibraryView* m_view;
    QLabel* m_empty;
    AddTray* m_tray;
};

} // namespace lectern

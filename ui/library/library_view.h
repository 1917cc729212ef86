// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The list of documents: keys and the context menu of a row.
#pragma once

#include <QtWidgets/QListView>

namespace lectern {

class LibraryView : public QListView {
    Q_OBJECT
public:
    explicit LibraryView(QWidget* parent = nullptr);
    /// Ids of the selected documents, top to bottom.
    QVector<qint64> selectedDocuments() const;

signals:
    void openRequested(qint64 document);
    void removeRequested(const QVector<qint64>& documents);
    void folderRequested(const QString& path);
    void selectionChangedTo(const QVector<qint64>& documents);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
};

} // namespace lectern

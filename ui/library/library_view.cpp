// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/library_view.h"

#include <algorithm>

#include <QtGui/QClipboard>
#include <QtGui/QContextMenuEvent>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QMenu>

#include "ui/library/library_model.h"

namespace lectern {

LibraryView::LibraryView(QWidget* parent) : QListView(parent) {
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setUniformItemSizes(true);
    setMouseTracking(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Documents"));
    const auto open = [this](const QModelIndex& index) {
        emit openRequested(index.data(LibraryModel::IdRole).toLongLong());
    };
    connect(this, &QListView::clicked, this, [open](const QModelIndex& index) {
        if (!(QGuiApplication::keyboardModifiers() & (Qt::ControlModifier | Qt::ShiftModifier))) open(index);
    });
}

QVector<qint64> LibraryView::selectedDocuments() const {
    QModelIndexList rows = selectionModel() ? selectionModel()->selectedIndexes() : QModelIndexList();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex& a, const QModelIndex& b) { return a.row() < b.row(); });
    QVector<qint64> ids;
    for (const QModelIndex& index : rows) ids.append(index.data(LibraryModel::IdRole).toLongLong());
    return ids;
}

void LibraryView::contextMenuEvent(QContextMenuEvent* event) {
    const QModelIndex index = event->reason() == QContextMenuEvent::Keyboard ? currentIndex() : indexAt(event->pos());
    if (!index.isValid()) return;
    const QString path = index.data(LibraryModel::PathRole).toString();
    const qint64 id = index.data(LibraryModel::IdRole).toLongLong();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Open"), this, [this, id] { emit openRequested(id); });
    menu->addAction(tr("Open folder"), this, [this, path] { emit folderRequested(path); });
    menu->addAction(tr("Copy path"), this, [path] { QGuiApplication::clipboard()->setText(path); });
    menu->addSeparator();
    menu->addAction(tr("Remove…"), this, [this] { emit removeRequested(selectedDocuments()); });
    menu->popup(event->reason() == QContextMenuEvent::Keyboard ? mapToGlobal(visualRect(index).bottomLeft())
                                                               : event->globalPos());
}

void LibraryView::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && currentIndex().isValid())
        emit openRequested(currentIndex().data(LibraryModel::IdRole).toLongLong());
    else if (event->key() == Qt::Key_Delete && !selectedDocuments().isEmpty())
        emit removeRequested(selectedDocuments());
    else
        QListView::keyPressEvent(event);
}

void LibraryView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
    QListView::selectionChanged(selected, deselected);
    emit selectionChangedTo(selectedDocuments());
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The documents of the library as rows, in the order in which the service names them.
#pragma once

#include <QtCore/QAbstractListModel>
#include <QtCore/QSet>

#include "app/services/items.h"

namespace lectern {

class LibraryModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole, ///< qint64
        PathRole,
        IconRole,  ///< name of the icon at the left
        BadgeRole, ///< "", "arriving", "lock", "error", "warning"
        CountRole, ///< number beside the badge: percent while arriving (-1: not known), failed pages on "warning"
    };

    explicit LibraryModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const DocumentItem* document(qint64 id) const;
    int pageTotal() const;

public slots:
    /// Takes over the new list; rows that stay keep their place in selections, and only changed rows are painted again.
    void setDocuments(const QVector<lectern::DocumentItem>& documents);
    void setProgress(const lectern::AddProgress& progress);
    void clearProgress();

private:
    void announce(int row);
    int rowOfPath(const QString& path) const;
    QString badgeOf(const DocumentItem& item) const;

    QVector<DocumentItem> m_documents;
    AddProgress m_progress; ///< path empty: nothing is being added
};

/// What the row says in words, for tooltips and screen readers: one sentence.
QString stateSentence(const DocumentItem& item);
/// The name of the icon that stands for a kind of document.
QString iconOfKind(const QString& kind);

} // namespace lectern

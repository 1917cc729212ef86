// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/library_model.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QHash>

namespace lectern {

namespace {

QString words(const char* text, int n = -1) { return QCoreApplication::translate("LibraryModel", text, nullptr, n); }

} // namespace

QString iconOfKind(const QString& kind) {
    if (kind == QLatin1String("pdf")) return QStringLiteral("file-pdf");
    return QStringLiteral("file-office");
}

QString stateSentence(const DocumentItem& item) {
    if (!item.message.isEmpty()) return item.message;
    if (item.arriving) return words(QT_TRANSLATE_N_NOOP("LibraryModel", "Being read, %Ln pages so far."), item.pages);
    if (item.outcome == QLatin1String("locked"))
        return words(QT_TRANSLATE_NOOP("LibraryModel", "Locked with a password."));
    if (item.outcome == QLatin1String("empty"))
        return words(QT_TRANSLATE_NOOP("LibraryModel", "No text was found on any page."));
    if (item.outcome == QLatin1String("partial"))
        return words(QT_TRANSLATE_N_NOOP("LibraryModel", "%Ln pages could not be read."), item.pagesFailed);
    if (item.outcome == QLatin1String("ready") || item.outcome.isEmpty())
        return words(QT_TRANSLATE_N_NOOP("LibraryModel", "%Ln pages."), item.pages);
    return words(QT_TRANSLATE_NOOP("LibraryModel", "Cannot be read."));
}

int LibraryModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(m_documents.size()); }

QString LibraryModel::badgeOf(const DocumentItem& item) const {
    if (item.arriving) return QStringLiteral("arriving");
    if (item.outcome == QLatin1String("locked")) return QStringLiteral("lock");
    if (item.outcome == QLatin1String("partial") || item.outcome == QLatin1String("empty"))
        return QStringLiteral("warning");
    if (item.outcome.isEmpty() || item.outcome == QLatin1String("ready")) return {};
    return QStringLiteral("error");
}

QVariant LibraryModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= m_documents.size()) return {};
    const DocumentItem& item = m_documents[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return item.name;
    case Qt::ToolTipRole:
        return item.name + QLatin1Char('\n') + stateSentence(item);
    case Qt::AccessibleTextRole:
        return item.name + QStringLiteral(", ") + stateSentence(item);
    case IdRole:
        return item.id;
    case PathRole:
        return item.path;
    case IconRole:
        return iconOfKind(item.kind);
    case BadgeRole:
        return badgeOf(item);
    case CountRole:
        if (!item.arriving) return item.pagesFailed;
        if (item.path == m_progress.path && m_progress.pagesTotal > 0)
            return 100 * m_progress.pagesDone / m_progress.pagesTotal;
        return -1;
    default:
        return {};
    }
}

const DocumentItem* LibraryModel::document(qint64 id) const {
    for (const DocumentItem& item : m_documents)
        if (item.id == id) return &item;
    return nullptr;
}

int LibraryModel::pageTotal() const {
    int pages = 0;
    for (const DocumentItem& item : m_documents) pages += item.pages;
    return pages;
}

void LibraryModel::setDocuments(const QVector<DocumentItem>& documents) {
    QSet<qint64> wanted;
    for (const DocumentItem& item : documents) wanted.insert(item.id);
    for (int row = int(m_documents.size()) - 1; row >= 0; --row) {
        if (wanted.contains(m_documents[row].id)) continue;
        beginRemoveRows({}, row, row);
        m_documents.removeAt(row);
        endRemoveRows();
    }
    QSet<qint64> present;
    for (const DocumentItem& item : std::as_const(m_documents)) present.insert(item.id);
    for (int row = 0; row < documents.size(); ++row) {
        const DocumentItem& item = documents[row];
        if (!present.contains(item.id)) {
            beginInsertRows({}, row, row);
            m_documents.insert(row, item);
            endInsertRows();
            continue;
        }
        int at = row;
        while (m_documents[at].id != item.id) ++at;
        if (at != row) {
            beginMoveRows({}, at, at, {}, row);
            m_documents.move(at, row);
            endMoveRows();
        }
        if (!(m_documents[row] == item)) {
            m_documents[row] = item;
            announce(row);
        }
    }
}

void LibraryModel::setProgress(const AddProgress& progress) {
    const QString before = m_progress.path;
    m_progress = progress;
    if (before != progress.path) announce(rowOfPath(before));
    announce(rowOfPath(progress.path));
}

void LibraryModel::clearProgress() {
    const int row = rowOfPath(m_progress.path);
    m_progress = {};
    announce(row);
}

void LibraryModel::announce(int row) {
    if (row >= 0) emit dataChanged(index(row), index(row));
}

int LibraryModel::rowOfPath(const QString& path) const {
    if (!path.isEmpty())
        for (int row = 0; row < m_documents.size(); ++row)
            if (m_documents[row].path == path) return row;
    return -1;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The library for the window: its documents, and adding and removing files in the background.
#pragma once

#include <memory>

#include <QtCore/QObject>
#include <QtCore/QStringList>

#include "app/services/items.h"

namespace lectern {

class LibrarySession;

class LibraryService : public QObject {
    Q_OBJECT
public:
    /// `session` outlives the service.
    explicit LibraryService(LibrarySession& session, QObject* parent = nullptr);
    ~LibraryService() override;

    /// As last announced; never waits.
    const QVector<DocumentItem>& documents() const { return m_documents; }
    bool isAdding() const { return m_adding > 0; }

public slots:
    /// Files and folders, in the background, after what is queued. Progress and results come as signals.
    void addPaths(const QStringList& paths);
    /// The same for one file that answered "locked".
    void addWithPassword(const QString& path, const QString& password);
    void cancelAdding();
    void removeDocuments(const QVector<qint64>& documents);
    /// Goes on with documents whose adding was interrupted; call once at start.
    void resumeAdding();

signals:
    void documentsChanged(const QVector<lectern::DocumentItem>& documents);
    void addProgressed(const lectern::AddProgress& progress);
    void fileAdded(const lectern::AddedFile& file);
    /// All that was queued is done.
    void addFinished();
    void failed(const QString& message);

private:
    struct Private;
    std::unique_ptr<Private> d;
    QVector<DocumentItem> m_documents;
    int m_adding = 0;
};

} // namespace lectern

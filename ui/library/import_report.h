// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What needs attention after adding: one row a file, with the password's field where one is missing.
#pragma once

#include <QtWidgets/QFrame>

#include "app/services/items.h"

class QLabel;
class QVBoxLayout;

namespace lectern {

class ReportRow;
class Theme;

class ImportReport : public QFrame {
    Q_OBJECT
public:
    explicit ImportReport(const Theme& theme, QWidget* parent = nullptr);

    static constexpr int kMostRows = 200; ///< the rest is counted

    /// Takes a result; a row appears only where somebody has to know. The row of a file that is unlocked now goes.
    void add(const AddedFile& file);
    bool isEmpty() const { return m_rows.isEmpty(); }

public slots:
    void clear();

signals:
    void passwordGiven(const QString& path, const QString& password);
    void emptied();

private:
    void count();

    const Theme& m_theme;
    QLabel* m_title;
    QLabel* m_added;
    QVBoxLayout* m_list;
    QVector<ReportRow*> m_rows;
    QLabel* m_more;
    int m_left = 0; ///< files beyond the rows that are shown
    int m_filesAdded = 0;
    int m_pagesAdded = 0;
};

} // namespace lectern

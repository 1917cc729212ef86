// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What the reader shows when no document is open: what to do next.
#pragma once

#include <QtWidgets/QWidget>

class QLabel;
class QPushButton;

namespace lectern {

class Theme;

class EmptyReader : public QWidget {
    Q_OBJECT
public:
    explicit EmptyReader(const Theme& theme, QWidget* parent = nullptr);
    /// `documents`: how many the library has.
    void setLibrary(int documents);
    void focusFirst();

signals:
    void addFilesRequested();
    void addFolderRequested();

private:
    QLabel *m_title, *m_text;
    QWidget* m_kinds;
    QPushButton* m_files;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Says what happens when the files that hang over the window are let go.
#pragma once

#include <QtWidgets/QWidget>

namespace lectern {

class Theme;

class DropHint : public QWidget {
    Q_OBJECT
public:
    explicit DropHint(const Theme& theme, QWidget* parent);
    /// Covers the parent and tells how many files and folders would be added.
    void offer(int paths);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_words;
};

} // namespace lectern

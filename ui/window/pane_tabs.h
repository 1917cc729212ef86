// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The three panes as tabs, for a narrow window.
#pragma once

#include <QtWidgets/QFrame>

class QTabBar;

namespace lectern {

class Theme;

class PaneTabs : public QFrame {
    Q_OBJECT
public:
    explicit PaneTabs(const Theme& theme, QWidget* parent = nullptr);
    /// 0 library, 1 reader, 2 talk.
    void setCurrent(int pane);

signals:
    void chosen(int pane);

private:
    QTabBar* m_tabs;
};

} // namespace lectern

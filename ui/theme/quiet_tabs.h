// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Tabs as wide as their words, up to a limit, in the look of the style sheet.
#pragma once

#include <QtWidgets/QTabBar>

namespace lectern {

class QuietTabs : public QTabBar {
    Q_OBJECT
public:
    explicit QuietTabs(QWidget* parent = nullptr);

protected:
    QSize tabSizeHint(int index) const override;
    QSize minimumTabSizeHint(int index) const override;
};

} // namespace lectern

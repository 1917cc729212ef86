// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/quiet_tabs.h"

namespace lectern {

namespace {
constexpr int kPadding = 12; ///< as in the style sheet
constexpr int kIconGap = 6;
constexpr int kButtonGap = 8;
constexpr int kMostWidth = 260, kLeastWidth = 96;
} // namespace

QuietTabs::QuietTabs(QWidget* parent) : QTabBar(parent) {
    setDrawBase(false);
    setExpanding(false);
    setElideMode(Qt::ElideRight);
    setUsesScrollButtons(true);
    setIconSize({16, 16});
}

QSize QuietTabs::tabSizeHint(int index) const {
    int width = 2 * kPadding + fontMetrics().horizontalAdvance(tabText(index)) + 2;
    if (!tabIcon(index).isNull()) width += iconSize().width() + kIconGap;
    if (const QWidget* button = tabButton(index, RightSide)) width += button->width() + kButtonGap;
    return {qMin(width, kMostWidth), QTabBar::tabSizeHint(index).height()};
}

QSize QuietTabs::minimumTabSizeHint(int index) const {
    const QSize size = tabSizeHint(index);
    return {qMin(size.width(), kLeastWidth), size.height()};
}

} // namespace lectern

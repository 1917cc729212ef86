// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Paints a row of the library: icon, name, badge.
#pragma once

#include <QtWidgets/QStyledItemDelegate>

namespace lectern {

class Theme;

class LibraryDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit LibraryDelegate(const Theme& theme, QObject* parent = nullptr);
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintBack(QPainter* painter, const QStyleOptionViewItem& option) const;
    /// Paints the badge and returns what is left of `room` for the name.
    QRect paintBadge(QPainter* painter, const QRect& room, const QModelIndex& index, bool selected) const;

    const Theme& m_theme;
};

} // namespace lectern

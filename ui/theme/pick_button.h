// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A button that shows what is chosen and opens a menu of the other choices.
#pragma once

#include <QtWidgets/QToolButton>

namespace lectern {

class Theme;

class PickButton : public QToolButton {
    Q_OBJECT
public:
    /// `icon`: empty for none. `filled`: with a quiet ground, else plain text until the pointer is over it.
    PickButton(const Theme& theme, const QString& icon, bool filled, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_icon;
    bool m_filled;
};

} // namespace lectern

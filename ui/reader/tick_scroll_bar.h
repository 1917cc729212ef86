// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A scroll bar with ticks where citations are.
#pragma once

#include <QtWidgets/QScrollBar>

namespace lectern {

class Theme;

class TickScrollBar : public QScrollBar {
    Q_OBJECT
public:
    explicit TickScrollBar(const Theme& theme, QWidget* parent = nullptr);
    /// Heights as shares of the document, 0…1.
    void setTicks(const QVector<double>& shares);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QVector<double> m_ticks;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// How many sentences got which verdict: signs with words, wrapped to the width.
#pragma once

#include <QtWidgets/QWidget>

#include "ui/talk/turn.h"

namespace lectern {

class Theme;

class VerdictTally : public QWidget {
    Q_OBJECT
public:
    explicit VerdictTally(const Theme& theme, QWidget* parent = nullptr);
    void setChecks(const QVector<CheckItem>& checks);
    bool isEmpty() const { return m_parts.isEmpty(); }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Part {
        QString verdict;
        QString words;
    };
    /// Where each part goes at a width; the last point's y tells the height.
    QVector<QPoint> places(int width) const;

    const Theme& m_theme;
    QVector<Part> m_parts;
};

} // namespace lectern

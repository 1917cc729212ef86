// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The line at the foot of the library while files are being added: what, how far, and a way to stop.
#pragma once

#include <QtWidgets/QFrame>

#include "app/services/items.h"

class QLabel;
class QProgressBar;
class QToolButton;

namespace lectern {

class ElidedLabel;
class Theme;

class AddTray : public QFrame {
    Q_OBJECT
public:
    AddTray(const Theme& theme, QWidget* parent = nullptr);

public slots:
    void show(const lectern::AddProgress& progress);
    void finish();

signals:
    void cancelRequested();

private:
    QLabel* m_count;
    ElidedLabel* m_name;
    QLabel* m_pages;
    QProgressBar* m_bar;
    QToolButton* m_cancel;
};

} // namespace lectern

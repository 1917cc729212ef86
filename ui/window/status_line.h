// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The foot of the window: the model with its memory, the speed of the last answer, what the library holds.
#pragma once

#include <QtWidgets/QStatusBar>

#include "app/services/items.h"

class QLabel;

namespace lectern {

class Theme;

class StatusLine : public QStatusBar {
    Q_OBJECT
public:
    explicit StatusLine(const Theme& theme, QWidget* parent = nullptr);

public slots:
    void showModel(const lectern::ModelItem& model);
    void showUsage(const lectern::AnswerUsage& usage);
    void showLibrary(int documents, int pages);

private:
    QLabel *m_model, *m_memory, *m_context, *m_speed, *m_library;
};

} // namespace lectern

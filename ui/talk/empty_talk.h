// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// What the talk shows before the first question.
#pragma once

#include <QtWidgets/QWidget>

#include "app/services/items.h"

class QLabel;
class QPushButton;

namespace lectern {

class Theme;

class EmptyTalk : public QWidget {
    Q_OBJECT
public:
    explicit EmptyTalk(const Theme& theme, QWidget* parent = nullptr);
    void setState(const ModelItem& model, int documents);

signals:
    void chooseModelRequested();

private:
    QLabel *m_title, *m_text;
    QPushButton* m_choose;
};

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Marks a widget that got focus from the keyboard with the property `kbd`, so that rings appear only then.
#pragma once

#include <QtCore/QObject>

class QWidget;

namespace lectern {

class KeyboardFocus : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override;
};

/// Whether to draw the ring: focus is here and came from the keyboard.
bool hasKeyboardFocus(const QWidget& widget);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/keyboard_focus.h"

#include <QtCore/QEvent>
#include <QtGui/QFocusEvent>
#include <QtWidgets/QStyle>
#include <QtWidgets/QWidget>

namespace lectern {

bool KeyboardFocus::eventFilter(QObject* watched, QEvent* event) {
    if ((event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) && watched->isWidgetType()) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        const bool byKey =
            event->type() == QEvent::FocusIn &&
            (reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason);
        auto* widget = static_cast<QWidget*>(watched);
        if (widget->property("kbd").toBool() != byKey) {
            widget->setProperty("kbd", byKey);
            widget->style()->unpolish(widget);
            widget->style()->polish(widget);
            widget->update();
        }
    }
    return QObject::eventFilter(watched, event);
}

bool hasKeyboardFocus(const QWidget& widget) { return widget.hasFocus() && widget.property("kbd").toBool(); }

} // namespace lectern

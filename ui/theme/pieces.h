// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Small parts that every pane is put together from: tool buttons, rows, labels in a role.
#pragma once

#include <QtCore/QMargins>
#include <QtCore/QString>

#include "ui/theme/token.h"

class QFrame;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QPainter;
class QRectF;
class QToolButton;
class QWidget;

namespace lectern {

class Theme;

/// 28 x 28 with an icon; `tip` names it for the eye and for a screen reader.
QToolButton* makeToolButton(const Theme& theme, const QString& icon, const QString& tip, QWidget* parent);

/// A bar with a horizontal layout, `height` pixels high or more where the system's font is large. `line`: a separator
/// below ("line", "tabs") or none ("").
QFrame* makeRow(int height, const QMargins& margins, const char* line, QWidget* parent);
QHBoxLayout* rowLayout(QFrame* row);

/// A label in a role's font; its colour follows the theme.
QLabel* makeLabel(const Theme& theme, const QString& text, TextRole role, Token color, QWidget* parent);

/// Text of several lines with room between them; the label wraps.
void setParagraph(QLabel& label, const QString& text);

/// The number of a citation in its box. `state`: "", "open", "hover", "contradicted", "unsupported".
void paintChip(QPainter& painter, const Theme& theme, const QRectF& box, const QString& number, const QString& state,
               bool focus);

/// A ring that fills clockwise; `share` in 0…1, below 0 where nothing is known (a quarter).
void paintRing(QPainter& painter, const Theme& theme, const QRectF& box, double share, Token token);

/// Makes the button the pane's next step: filled, and chosen by Enter where the window allows it. Its weight is set on the
/// widget, for the style measures the text by that and not by the sheet.
void makeNextStep(QPushButton* button);

} // namespace lectern

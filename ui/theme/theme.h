// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Colours, fonts and icons of the window, read at run time from the resources folder.
#pragma once

#include <array>

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QString>
#include <QtGui/QColor>
#include <QtGui/QFont>
#include <QtGui/QIcon>
#include <QtGui/QPixmap>

#include "ui/theme/token.h"

namespace lectern {

class Theme : public QObject {
    Q_OBJECT
public:
    /// Reads `theme/tokens.json`, `theme/lectern.qss` and `icons/` under `resourcesFolder`. Needs a QApplication, whose
    /// font becomes the base of all sizes and whose palette decides what "System" means. Outlives every widget that
    /// uses it.
    explicit Theme(const QString& resourcesFolder, QObject* parent = nullptr);

    /// A sentence if something could not be read, else empty. The window works then too, in the system's colours.
    QString problem() const { return m_problem; }

    /// Sets style, palette and style sheet of the application and announces changed().
    void choose(ThemeChoice choice, bool highContrast = false);
    ThemeChoice choice() const { return m_choice; }
    bool highContrast() const { return m_highContrast; }
    bool isDark() const;

    QColor color(Token token) const { return m_colors[size_t(token)]; }
    QFont font(TextRole role, bool italic = false) const;
    /// Distance between base lines, in device-independent pixels.
    int lineHeight(TextRole role) const;

    /// An icon whose colour follows the theme. `name` without ".svg".
    QIcon icon(const QString& name, Token token = Token::Muted) const;
    /// The same as a picture of one colour, `size` device-independent pixels wide.
    QPixmap pixmap(const QString& name, int size, const QColor& color, qreal ratio) const;
    /// The application icon, in its own colours.
    QIcon applicationIcon() const;
    /// The sign of a verdict and the colour it is drawn in.
    static QString verdictIcon(const QString& verdict) { return verdict; }
    QColor verdictColor(const QString& verdict) const;

signals:
    void changed();

private:
    void readColors(const QString& group);
    QString readSheet();

    QString m_folder;
    QString m_problem;
    QFont m_base;
    bool m_systemIsDark = false;
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_highContrast = false;
    std::array<QColor, kTokenCount> m_colors;
    mutable QHash<QString, QPixmap> m_pixmaps;
};

} // namespace lectern

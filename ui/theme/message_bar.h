// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Trouble where it happened: a sign, a sentence, at most one action, and a way to close it. Never modal.
#pragma once

#include <QtWidgets/QFrame>

class QLabel;
class QPushButton;

namespace lectern {

class Theme;

class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(const Theme& theme, QWidget* parent = nullptr);
    /// `icon`: "error", "warning" or "info". `action`: words on the button, empty for none.
    void showMessage(const QString& icon, const QString& sentence, const QString& action = {});
    QString message() const;

signals:
    void actionRequested();

private:
    void paintSign();

    const Theme& m_theme;
    QString m_icon;
    QLabel *m_sign, *m_text;
    QPushButton* m_action;
};

} // namespace lectern

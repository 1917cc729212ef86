// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A file that could not be added as it is: its sign, its name, a sentence, and a field where a password helps.
#pragma once

#include <QtWidgets/QFrame>

#include "app/services/items.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace lectern {

class ElidedLabel;
class Theme;

class ReportRow : public QFrame {
    Q_OBJECT
public:
    ReportRow(const Theme& theme, const AddedFile& file, QWidget* parent = nullptr);
    QString path() const { return m_path; }
    /// A new result for the same file: a wrong password, say.
    void setFile(const AddedFile& file);

signals:
    void passwordGiven(const QString& path, const QString& password);

private:
    void give();

    const Theme& m_theme;
    QString m_path;
    QLabel* m_sign;
    ElidedLabel* m_name;
    QLabel* m_sentence;
    QLineEdit* m_password;
    QPushButton* m_unlock;
};

/// The sentence for an outcome of CONTRACTS' closed set, where the service gave none.
QString outcomeSentence(const QString& outcome);

} // namespace lectern

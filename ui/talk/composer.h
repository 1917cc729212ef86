// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Where questions are written: the field, what they are asked about and how, and the one button.
#pragma once

#include <QtWidgets/QFrame>

#include "app/services/ask_service.h"

class QLabel;
class QPushButton;

namespace lectern {

class ComposerEdit;
class ElidedLabel;
class PickButton;
class Theme;
struct TalkTurn;

class Composer : public QFrame {
    Q_OBJECT
public:
    explicit Composer(const Theme& theme, QWidget* parent = nullptr);

    /// What scopes there are. `current`: the document in the reader, 0 for none.
    void setDocuments(int count, qint64 current, const QVector<qint64>& selected);
    /// A sentence why no question can be asked now; empty if one can.
    void setObstacle(const QString& sentence);
    void setAnswering(bool answering);
    /// What the answer is doing, in words, beside the stop button.
    void showStage(const TalkTurn& turn);
    void focusField();
    ComposerEdit& field() const { return *m_field; }
    QString obstacle() const;

public slots:
    void submit();

signals:
    void asked(const QString& question, const QVector<qint64>& scope, lectern::AskMode mode);
    void stopRequested();

private:
    enum class Scope { All, Current, Selected };
    void makeRow(const Theme& theme);
    void setScope(Scope scope);
    void setMode(AskMode mode);
    void setActive(bool active);
    QVector<qint64> scopeIds() const;
    void refresh();

    ComposerEdit* m_field;
    PickButton *m_scopeButton, *m_modeButton;
    QAction *m_all, *m_thisOne, *m_chosen, *m_passages, *m_whole;
    ElidedLabel* m_words;
    QLabel *m_reason, *m_escape;
    QPushButton *m_ask, *m_stop;
    Scope m_scope = Scope::All;
    AskMode m_mode = AskMode::Passages;
    int m_documents = 0;
    qint64 m_current = 0;
    QVector<qint64> m_selected;
    QString m_obstacle;
    QString m_stage;
    bool m_answering = false;
};

/// "Reading 1,204 of 3,110 tokens" and the like.
QString stageWords(const TalkTurn& turn);

} // namespace lectern

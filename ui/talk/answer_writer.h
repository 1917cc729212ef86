// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Writes a turn into a text document: question, blocks, chips, remarks.
#pragma once

#include <QtCore/QVector>

#include "ui/talk/answer_layout.h"

class QTextCursor;
class QTextDocument;

namespace lectern {

class Theme;

class AnswerWriter {
public:
    explicit AnswerWriter(const Theme& theme) : m_theme(theme) {}
    /// Replaces what the document holds. Returns the citation of each chip, in reading order.
    QVector<int> write(QTextDocument& document, const TalkTurn& turn);

private:
    void writeBlock(QTextCursor& cursor, const AnswerBlock& block, int below);
    void writeRemark(QTextCursor& cursor, const AnswerRemark& remark);
    void writeRun(QTextCursor& cursor, const AnswerRun& run, bool heading);

    const Theme& m_theme;
    QVector<int> m_chips;
};

/// "verified", "partly verified", … as one says it.
QString verdictWords(const QString& verdict);

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Splits an answer into blocks by its lines, keeping for each character where it stood in the answer.
#pragma once

#include <QtCore/QString>
#include <QtCore/QVector>

#include "ui/talk/answer_layout.h"

namespace lectern {

struct SourceBlock {
    AnswerBlock::Kind kind = AnswerBlock::Kind::Paragraph;
    QString marker;
    QString text;
    QVector<int> at;        ///< position in the answer of each character of `text`
    int start = 0, end = 0; ///< range in the answer that the block covers, up to the next one
};

QVector<SourceBlock> splitBlocks(const QString& answer);

} // namespace lectern

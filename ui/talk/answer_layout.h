// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Takes an answer's text apart for showing: blocks, runs of one look, and behind each sentence its tail of citation
/// chips and verdict. Plain text logic without widgets.
#pragma once

#include <QtCore/QString>
#include <QtCore/QVector>

#include "ui/talk/turn.h"

namespace lectern {

/// Text of one look, or (where `isTail`) what follows a sentence: its chips and the sign of its verdict.
struct AnswerRun {
    QString text;
    bool bold = false;
    bool gist = false; ///< grey italics: believed from the reading, without a source
    bool code = false;
    bool isTail = false;
    QVector<int> chips; ///< CitationItem::id
    QString verdict;
};

/// A line below a block about a sentence that is not plainly verified.
struct AnswerRemark {
    QString verdict;
    QString quote; ///< from the source; may be empty
    QString where; ///< "Second amendment, p. 4"
};

struct AnswerBlock {
    enum class Kind { Paragraph, Item, Heading, Code };
    Kind kind = Kind::Paragraph;
    QString marker; ///< of an Item: "•" or "3."
    QVector<AnswerRun> runs;
    QVector<AnswerRemark> remarks;
};

/// Marks such as [2] become chips where the citation is known and vanish where it is not. While the answer streams,
/// marks are the model's; once it is done, citation numbers. Verdicts are shown once it is done.
QVector<AnswerBlock> layOutAnswer(const TalkTurn& turn);

/// The answer as plain text for the clipboard, numbers in brackets, with a list of sources below.
QString answerForClipboard(const TalkTurn& turn);

} // namespace lectern

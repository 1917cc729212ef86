// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A question and what is known of its answer so far.
#pragma once

#include <QtCore/QString>
#include <QtCore/QVector>

#include "app/services/ask_service.h"
#include "app/services/items.h"
#include "ui/reader/lit_places.h"

namespace lectern {

struct TalkTurn {
    enum class State { Answering, Done, Stopped, Failed };

    quint64 request = 0;
    QString question;
    QVector<qint64> scope;
    AskMode mode = AskMode::Passages;
    State state = State::Answering;
    QString stage; ///< as AskService::progressed names it
    int done = 0, total = 0;
    AnswerStart start;
    QString text; ///< streamed with the model's marks; after Done with citation numbers
    QVector<CitationItem> citations;
    QVector<CheckItem> checks; ///< offsets in `text` as it is after Done
    AnswerUsage usage;
    double seconds = 0; ///< from the question to the end
    QString error;      ///< a sentence, where state is Failed

    const CitationItem* citation(int id) const;
    /// The verdict of the sentence that rests on a citation; empty while unchecked.
    QString verdictOf(int citation) const;
};

/// All citations of an answer as the reader lights them; `open` is the one that was clicked (0: none).
QVector<LitCitation> litCitations(const TalkTurn& turn, int open);

} // namespace lectern

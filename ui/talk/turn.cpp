// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/turn.h"

namespace lectern {

const CitationItem* TalkTurn::citation(int id) const {
    for (const CitationItem& item : citations)
        if (item.id == id) return &item;
    return nullptr;
}

QString TalkTurn::verdictOf(int citation) const {
    for (const CheckItem& check : checks)
        if (check.citations.contains(citation)) return check.verdict;
    return {};
}

QVector<LitCitation> litCitations(const TalkTurn& turn, int open) {
    QVector<LitCitation> lit;
    for (const CitationItem& item : turn.citations)
        lit.append({item.id, item.id == open, item.document, turn.verdictOf(item.id), item.places});
    return lit;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/turn.h"

namespace lectern {

const CitationItem* Turn::citation(int id) const {
    for (const CitationItem& item : citations)
        if (item.id == id) return &item;
    return nullptr;
}

QString Turn::verdictOf(int citation) const {
    for (const CheckItem& check : checks)
        if (check.citations.contains(citation)) return check.verdict;
    return {};
}

QVector<LitCitation> litCitations(const Turn& turn, int open) {
    QVector<LitCitation> lit;
    for (const CitationItem& item : turn.citations)
        lit.append({item.id, item.id == open, item.document, turn.verdictOf(item.id), item.places});
    return lit;
}

} // namespace lectern

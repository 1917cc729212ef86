// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Back and forward through the places that were jumped from.
#pragma once

#include <QtCore/QVector>

#include "ui/reader/page_view.h"

namespace lectern {

struct HistoryPlace {
    qint64 document = 0;
    ReadingPlace place;
};

class ReadingHistory {
public:
    static constexpr int kMost = 200; ///< places kept

    /// Call before a jump, with where the reader stands.
    void leave(const HistoryPlace& from) {
        m_back.append(from);
        if (m_back.size() > kMost) m_back.removeFirst();
        m_forward.clear();
    }
    bool canGoBack() const { return !m_back.isEmpty(); }
    bool canGoForward() const { return !m_forward.isEmpty(); }
    /// The place to go to; `from` is where the reader stands. Only if one can.
    HistoryPlace back(const HistoryPlace& from) {
        m_forward.append(from);
        return m_back.takeLast();
    }
    HistoryPlace forward(const HistoryPlace& from) {
        m_back.append(from);
        return m_forward.takeLast();
    }
    void forget(qint64 document) {
        const auto gone = [document](const HistoryPlace& at) { return at.document == document; };
        m_back.removeIf(gone);
        m_forward.removeIf(gone);
    }

private:
    QVector<HistoryPlace> m_back, m_forward;
};

} // namespace lectern

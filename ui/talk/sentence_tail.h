// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Draws what follows a sentence, as one inline object of the text: its citation chips and the sign of its verdict. One
/// object, so that the line never breaks between them; U+2060 before it keeps it with the last word.
#pragma once

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QRectF>
#include <QtGui/QTextCharFormat>
#include <QtGui/QTextObjectInterface>

#include "ui/talk/answer_layout.h"

namespace lectern {

class Theme;

class SentenceTail : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    static constexpr int kObjectType = QTextFormat::UserObject + 1;

    explicit SentenceTail(const Theme& theme, QObject* parent = nullptr);

    /// The format that stands for a tail. `firstChip`: the number, counted through the answer, of its first chip.
    static QTextCharFormat format(const AnswerRun& run, int firstChip);

    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
                    const QTextFormat& format) override;

    /// Places of the chips in document coordinates, as painted last; keys count through the answer.
    const QHash<int, QRectF>& chipBoxes() const { return m_boxes; }
    void forgetBoxes() { m_boxes.clear(); }

    int openCitation = 0; ///< CitationItem::id
    int hoveredChip = -1; ///< counted through the answer
    int focusedChip = -1;

private:
    double chipWidth(int id) const;

    const Theme& m_theme;
    QHash<int, QRectF> m_boxes;
};

} // namespace lectern

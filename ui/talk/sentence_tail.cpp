// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/sentence_tail.h"

#include <QtGui/QPainter>
#include <QtGui/QTextDocument>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
enum Property { Chips = QTextFormat::UserProperty + 1, Verdict, FirstChip };
constexpr double kGap = 4; ///< between chips
constexpr double kHeight = 17;
constexpr double kSign = 15; ///< room of the verdict's sign
} // namespace

SentenceTail::SentenceTail(const Theme& theme, QObject* parent) : QObject(parent), m_theme(theme) {}

QTextCharFormat SentenceTail::format(const AnswerRun& run, int firstChip) {
    QTextCharFormat format;
    format.setObjectType(kObjectType);
    QVariantList chips;
    for (int id : run.chips) chips.append(id);
    format.setProperty(Chips, chips);
    format.setProperty(Verdict, run.verdict);
    format.setProperty(FirstChip, firstChip);
    format.setVerticalAlignment(QTextCharFormat::AlignBaseline);
    return format;
}

double SentenceTail::chipWidth(int id) const {
    const QFontMetricsF metrics(m_theme.font(TextRole::Caption));
    return qMax(18.0, metrics.horizontalAdvance(QString::number(id)) + 10) + kGap;
}

QSizeF SentenceTail::intrinsicSize(QTextDocument*, int, const QTextFormat& format) {
    double width = format.property(Verdict).toString().isEmpty() ? 0 : kSign;
    for (const QVariant& id : format.property(Chips).toList()) width += chipWidth(id.toInt());
    return {width, 15};
}

void SentenceTail::drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format) {
    const QString verdict = format.property(Verdict).toString();
    const bool loud = verdict == QLatin1String("contradicted") || verdict == QLatin1String("unsupported");
    int chip = format.property(FirstChip).toInt();
    double x = rect.x();
    for (const QVariant& value : format.property(Chips).toList()) {
        const int id = value.toInt();
        const double width = chipWidth(id);
        // Two pixels below the baseline, where the optical centre of the digits lies.
        const QRectF box(x + 2.5, rect.y() + .5, width - kGap, kHeight);
        const QString state = id == openCitation    ? QStringLiteral("open")
                              : chip == hoveredChip ? QStringLiteral("hover")
                              : loud                ? verdict
                                                    : QString();
        paintChip(*painter, m_theme, box, QString::number(id), state, chip == focusedChip);
        m_boxes.insert(chip++, box);
        x += width;
    }
    if (!verdict.isEmpty())
        painter->drawPixmap(QPointF(x + 2, rect.y() + 3),
                            m_theme.pixmap(Theme::verdictIcon(verdict), 12, m_theme.verdictColor(verdict),
                                           painter->device()->devicePixelRatioF()));
}

} // namespace lectern

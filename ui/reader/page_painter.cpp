// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/page_painter.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QPainter>
#include <QtGui/QTextDocument>
#include <QtGui/QTextLayout>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

QImage PagePainter::toTheme(const QImage& image) const {
    if (!m_theme.isDark()) return image.convertToFormat(QImage::Format_RGB32);
    QImage night = image.convertToFormat(QImage::Format_RGB32);
    for (int y = 0; y < night.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(night.scanLine(y));
        for (int x = 0; x < night.width(); ++x) {
            const int r = qRed(line[x]), g = qGreen(line[x]), b = qBlue(line[x]);
            // HSL lightness L becomes 1 - L: every channel moves by the same amount, so hue and chroma stay.
            const int turn = 255 - (qMax(r, qMax(g, b)) + qMin(r, qMin(g, b)));
            line[x] = qRgb(turn + r, turn + g, turn + b);
        }
    }
    const QColor ink = m_theme.color(Token::Ink), paper = m_theme.color(Token::Paper);
    QPainter painter(&night);
    painter.setCompositionMode(QPainter::CompositionMode_Multiply);
    painter.fillRect(night.rect(), QColor(qMax(0, ink.red() - paper.red()), qMax(0, ink.green() - paper.green()),
                                          qMax(0, ink.blue() - paper.blue())));
    painter.setCompositionMode(QPainter::CompositionMode_Plus);
    painter.fillRect(night.rect(), paper);
    return night;
}

void PagePainter::paintSheet(QPainter& painter, const QRect& rect) const {
    if (m_theme.isDark()) {
        painter.setPen(m_theme.color(Token::Border));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(-1, -1, 0, 0));
    } else {
        // A soft shadow of three hairlines: 14 % black, fading out below the page.
        painter.setPen(Qt::NoPen);
        for (int i = 3; i >= 1; --i) painter.fillRect(rect.adjusted(-i + 1, -1 + i, i - 1, i), QColor(0, 0, 0, 12));
        painter.setPen(QColor(0, 0, 0, 30));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(-1, -1, 0, 0));
    }
    painter.fillRect(rect, m_theme.color(Token::Paper));
}

void PagePainter::paintWaiting(QPainter& painter, const QRect& rect, const QString& label) const {
    painter.setFont(m_theme.font(TextRole::Small));
    painter.setPen(m_theme.color(Token::Disabled));
    painter.drawText(rect.adjusted(0, 48, 0, 0), Qt::AlignHCenter | Qt::AlignTop, label);
}

void PagePainter::paintFailed(QPainter& painter, const QRect& rect, const FailedPage& failed) const {
    const int margin = qMax(16, rect.width() / 10);
    QRect room = rect.adjusted(margin, margin, -margin, -margin);
    painter.save();
    painter.setClipRect(rect);
    painter.drawPixmap(room.topLeft(), m_theme.pixmap(QStringLiteral("warning"), 16, m_theme.color(Token::Partly),
                                                      painter.device()->devicePixelRatioF()));
    painter.setFont(m_theme.font(TextRole::Body));
    painter.setPen(m_theme.color(Token::Text));
    QRect used;
    const QString sentence = failed.message.isEmpty()
                                 ? QCoreApplication::translate("PagePainter", "This page cannot be shown.")
                                 : failed.message;
    painter.drawText(room.adjusted(26, -2, 0, 0), Qt::TextWordWrap, sentence, &used);
    room.setTop(used.bottom() + 16);
    if (!failed.text.isEmpty()) {
        painter.setFont(m_theme.font(TextRole::Small));
        painter.setPen(m_theme.color(Token::Muted));
        painter.drawText(room, Qt::TextWordWrap,
                         QCoreApplication::translate("PagePainter", "This is the text that was found on it:"), &used);
        room.setTop(used.bottom() + 10);
        QFont serif = m_theme.font(TextRole::Quote);
        serif.setPointSizeF(serif.pointSizeF() + 2);
        painter.setFont(serif);
        painter.setPen(m_theme.color(Token::Ink));
        painter.drawText(room, Qt::TextWordWrap, failed.text);
    }
    painter.restore();
}

QColor PagePainter::overPaper(const QColor& goal) const {
    if (!m_theme.isDark()) return goal;
    const QColor paper = m_theme.color(Token::Paper);
    const auto part = [](int wanted, int under) {
        return under >= 255 ? wanted : qBound(0, 255 - (255 - wanted) * 255 / (255 - under), 255);
    };
    return {part(goal.red(), paper.red()), part(goal.green(), paper.green()), part(goal.blue(), paper.blue())};
}

void PagePainter::paintLit(QPainter& painter, const QRect& rect, int page, const QVector<LitCitation>& citations,
                           double pulse) const {
    painter.save();
    const auto mode = m_theme.isDark() ? QPainter::CompositionMode_Screen : QPainter::CompositionMode_Multiply;
    for (const LitCitation& citation : citations) {
        const QVector<QRectF> lines = litLines(citation, page, QRectF(rect));
        const QColor color = overPaper(m_theme.color(citation.open ? Token::Lit : Token::LitSoft));
        painter.setCompositionMode(mode);
        for (const QRectF& line : lines) painter.fillRect(line, color);
        if (!citation.open) continue;
        painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
        QColor rule = m_theme.color(Token::LitRule);
        for (const QRectF& line : lines) {
            painter.fillRect(QRectF(line.left(), line.bottom() - 1, line.width(), 1), rule);
            if (pulse > 0) {
                rule.setAlphaF(0.35 * pulse);
                painter.fillRect(line, rule);
                rule.setAlphaF(1);
            }
        }
    }
    painter.restore();
}

void PagePainter::paintMarks(QPainter& painter, const QVector<MarginMark>& marks, int hovered) const {
    for (const MarginMark& mark : marks) {
        const QString state = mark.open            ? QStringLiteral("open")
                              : mark.id == hovered ? QStringLiteral("hover")
                                                   : QString();
        paintChip(painter, m_theme, mark.box.adjusted(.5, .5, -.5, -.5), QString::number(mark.id), state, false);
        if (!mark.verdict.isEmpty())
            painter.drawPixmap(QPointF(mark.box.right() + 5, mark.box.center().y() - 6),
                               m_theme.pixmap(Theme::verdictIcon(mark.verdict), 12, m_theme.verdictColor(mark.verdict),
                                              painter.device()->devicePixelRatioF()));
    }
}

} // namespace lectern

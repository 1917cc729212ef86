// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/pieces.h"

#include <QtGui/QPainter>
#include <QtWidgets/QFrame>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

#include "ui/theme/theme.h"

namespace lectern {

QToolButton* makeToolButton(const Theme& theme, const QString& icon, const QString& tip, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setIcon(theme.icon(icon));
    button->setIconSize({16, 16});
    button->setAutoRaise(true);
    button->setFixedSize(28, 28);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QFrame* makeRow(int height, const QMargins& margins, const char* line, QWidget* parent) {
    auto* row = new QFrame(parent);
    row->setProperty("row", QLatin1String(line));
    row->setFixedHeight(qMax(height, row->fontMetrics().height() + 14));
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(margins);
    layout->setSpacing(2);
    return row;
}

QHBoxLayout* rowLayout(QFrame* row) { return static_cast<QHBoxLayout*>(row->layout()); }

QLabel* makeLabel(const Theme& theme, const QString& text, TextRole role, Token color, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setFont(theme.font(role));
    label->setTextFormat(Qt::PlainText);
    const auto paint = [label, &theme, color] {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, theme.color(color));
        label->setPalette(palette);
    };
    paint();
    QObject::connect(&theme, &Theme::changed, label, paint);
    return label;
}

void setParagraph(QLabel& label, const QString& text) {
    label.setTextFormat(Qt::RichText);
    label.setText(QStringLiteral("<p style='line-height:128%'>%1</p>").arg(text.toHtmlEscaped()));
    label.setAccessibleName(text);
}

void paintChip(QPainter& painter, const Theme& theme, const QRectF& box, const QString& number, const QString& state,
               bool focus) {
    QPen pen(Qt::NoPen);
    QColor fill = theme.color(Token::Idle);
    QColor ink = theme.color(Token::Text);
    if (state == QLatin1String("open")) {
        pen = QPen(theme.color(Token::LitRule));
        fill = theme.color(Token::Lit);
        ink = theme.isDark() ? QColor(Qt::white) : theme.color(Token::Ink);
    } else if (state == QLatin1String("hover")) {
        pen = QPen(theme.color(Token::Accent));
        fill = theme.color(Token::Selection);
        ink = theme.color(Token::OnSelection);
    } else if (state == QLatin1String("contradicted")) {
        pen = QPen(theme.color(Token::Contradicted));
        fill = Qt::transparent;
        ink = theme.color(Token::Contradicted);
    } else if (state == QLatin1String("unsupported")) {
        pen = QPen(theme.color(Token::Control), 1, Qt::DashLine);
        fill = Qt::transparent;
        ink = theme.color(Token::Muted);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(pen);
    painter.setBrush(fill);
    painter.drawRoundedRect(box, 4, 4);
    if (focus) {
        painter.setPen(QPen(theme.color(Token::Accent), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 5, 5);
    }
    QFont font = theme.font(TextRole::Caption);
    font.setStrikeOut(state == QLatin1String("unsupported"));
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, number);
    painter.restore();
}

void paintRing(QPainter& painter, const Theme& theme, const QRectF& box, double share, Token token) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    const QRectF ring = box.adjusted(1.5, 1.5, -1.5, -1.5);
    painter.setPen(QPen(theme.color(Token::StripNone), 1.75));
    painter.drawEllipse(ring);
    painter.setPen(QPen(theme.color(token), 1.75, Qt::SolidLine, Qt::RoundCap));
    painter.drawArc(ring, 90 * 16, qRound(-(share < 0 ? 0.25 : share) * 360 * 16));
    painter.restore();
}

void makeNextStep(QPushButton* button) {
    button->setDefault(true);
    QFont font = button->font();
    font.setWeight(QFont::DemiBold);
    button->setFont(font);
}

} // namespace lectern

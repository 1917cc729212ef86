// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/verdict_tally.h"

#include <QtGui/QPainter>

#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr int kSign = 12;
constexpr int kToWords = 5;
constexpr int kBetween = 14;
} // namespace

VerdictTally::VerdictTally(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void VerdictTally::setChecks(const QVector<CheckItem>& checks) {
    const auto count = [&checks](QLatin1String verdict) {
        int n = 0;
        for (const CheckItem& check : checks) n += check.verdict == verdict ? 1 : 0;
        return n;
    };
    m_parts.clear();
    const auto add = [this](int n, const char* verdict, const QString& words) {
        if (n > 0) m_parts.append({QLatin1String(verdict), words});
    };
    const int verified = count(QLatin1String("verified")), partly = count(QLatin1String("partly"));
    const int gist = count(QLatin1String("gist")), contradicted = count(QLatin1String("contradicted"));
    const int unsupported = count(QLatin1String("unsupported"));
    add(verified, "verified", tr("%n verified", nullptr, verified));
    add(partly, "partly", tr("%n partly", nullptr, partly));
    add(gist, "gist", tr("%n gist", nullptr, gist));
    add(contradicted, "contradicted", tr("%n contradicted", nullptr, contradicted));
    add(unsupported, "unsupported", tr("%n without support", nullptr, unsupported));
    QStringList words;
    for (const Part& part : std::as_const(m_parts)) words << part.words;
    setAccessibleName(words.join(QStringLiteral(", ")));
    setVisible(!m_parts.isEmpty());
    updateGeometry();
    update();
}

QVector<QPoint> VerdictTally::places(int width) const {
    const QFontMetrics metrics(m_theme.font(TextRole::Small));
    const int line = m_theme.lineHeight(TextRole::Small) + 4;
    QVector<QPoint> at;
    int x = 0, y = 0;
    for (const Part& part : m_parts) {
        const int part_width = kSign + kToWords + metrics.horizontalAdvance(part.words);
        if (x > 0 && x + part_width > width) {
            x = 0;
            y += line;
        }
        at.append({x, y});
        x += part_width + kBetween;
    }
    return at;
}

int VerdictTally::heightForWidth(int width) const {
    const QVector<QPoint> at = places(width);
    return at.isEmpty() ? 0 : at.last().y() + m_theme.lineHeight(TextRole::Small) + 4;
}

QSize VerdictTally::sizeHint() const { return {300, heightForWidth(qMax(width(), 200))}; }

void VerdictTally::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(m_theme.font(TextRole::Small));
    const int line = m_theme.lineHeight(TextRole::Small) + 4;
    const QVector<QPoint> at = places(width());
    for (int i = 0; i < m_parts.size(); ++i) {
        painter.drawPixmap(at[i].x(), at[i].y() + (line - kSign) / 2,
                           m_theme.pixmap(Theme::verdictIcon(m_parts[i].verdict), kSign,
                                          m_theme.verdictColor(m_parts[i].verdict), devicePixelRatioF()));
        painter.setPen(m_theme.color(Token::Text));
        painter.drawText(QRect(at[i].x() + kSign + kToWords, at[i].y(), width(), line), Qt::AlignVCenter,
                         m_parts[i].words);
    }
}

} // namespace lectern

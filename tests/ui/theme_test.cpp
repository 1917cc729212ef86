// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// The theme's colours keep their contrast; a missing folder is told.
#include <cmath>

#include <QtTest/QTest>
#include <QtWidgets/QApplication>

#include "ui/theme/theme.h"

using namespace lectern;

namespace {

/// WCAG 2 relative luminance.
double luminance(const QColor& color) {
    const auto part = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT
private slots:
    void every_theme_keeps_its_texts_readable() {
        Theme theme(LECTERN_SOURCE_DIR "/resources");
        QCOMPARE(theme.problem(), QString());
        struct Pair {
            Token ink, ground;
            double bar;
        };
        const Pair pairs[] = {
            {Token::Text, Token::Window, 4.5},
            {Token::Text, Token::Surface, 4.5},
            {Token::Text, Token::Raised, 4.5},
            {Token::Text, Token::Idle, 4.5},
            {Token::Text, Token::Hover, 4.5},
            {Token::Muted, Token::Window, 4.5},
            {Token::Muted, Token::Surface, 4.5},
            {Token::Muted, Token::Raised, 4.5},
            {Token::OnSelection, Token::Selection, 4.5},
            {Token::OnAccent, Token::Accent, 4.5},
            {Token::Verified, Token::Surface, 4.5},
            {Token::Partly, Token::Window, 4.5},
            {Token::Contradicted, Token::Window, 4.5},
            {Token::Gist, Token::Surface, 4.5},
            {Token::Ink, Token::Paper, 4.5},
            {Token::Ink, Token::Lit, 4.5},
            {Token::Ink, Token::LitSoft, 4.5},
            {Token::Control, Token::Window, 3.0},
            {Token::LitRule, Token::Paper, 3.0},
            {Token::Accent, Token::Desk, 3.0},
        };
        for (bool high : {false, true})
            for (ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
                theme.choose(choice, high);
                for (const Pair& pair : pairs) {
                    const double got = contrast(theme.color(pair.ink), theme.color(pair.ground));
                    QVERIFY2(got >= pair.bar, qPrintable(QStringLiteral("%1 on %2: %3, %4")
                                                             .arg(int(pair.ink))
                                                             .arg(int(pair.ground))
                                                             .arg(got)
                                                             .arg(int(choice))));
                }
                QCOMPARE(QApplication::palette().color(QPalette::Text), theme.color(Token::Text));
                QVERIFY(!qApp->styleSheet().contains(u'@'));
            }
    }
    void one_drawing_serves_both_themes() {
        Theme theme(LECTERN_SOURCE_DIR "/resources");
        const QIcon icon = theme.icon(QStringLiteral("add"));
        const auto middle = [&] { return icon.pixmap(16, 16).toImage().pixelColor(8, 8); };
        theme.choose(ThemeChoice::Light);
        const QColor day = middle();
        theme.choose(ThemeChoice::Dark);
        const QColor night = middle();
        QVERIFY(day.lightness() < 128 && night.lightness() > 128);
    }
    void sizes_follow_the_systems_font() {
        QFont font = QApplication::font();
        font.setPointSizeF(14);
        QApplication::setFont(font);
        Theme theme(LECTERN_SOURCE_DIR "/resources");
        QCOMPARE(theme.font(TextRole::Body).pointSizeF(), 14.0);
        QCOMPARE(theme.font(TextRole::Question).pointSizeF(), 16.0);
        QVERIFY(theme.lineHeight(TextRole::Body) >= 24);
    }
    void without_its_folder_the_theme_says_so_and_the_window_still_has_colours() {
        Theme theme(QStringLiteral("/nowhere"));
        QVERIFY2(theme.problem().contains("/nowhere"), qPrintable(theme.problem()));
        QVERIFY(theme.color(Token::Text).isValid());
        QVERIFY(contrast(theme.color(Token::Text), theme.color(Token::Surface)) > 4.5);
        QVERIFY(!theme.pixmap(QStringLiteral("add"), 16, Qt::red, 1).isNull());
    }
};

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"

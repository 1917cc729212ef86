// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// The demo pages: paragraphs whose words stand at computed places, so that lit boxes can be checked by eye.
#include <QtGui/QFontMetricsF>
#include <QtGui/QPainter>

#include "tests/ui/demo_services.h"

namespace lectern {

namespace {

const char* const kParagraphs[] = {
    "14. TERM AND TERMINATION",
    "14.1 This Agreement takes effect on the Commencement Date and, unless ended earlier under this clause 14, "
    "continues for "
    "seven (7) years (the Initial Term) and thereafter for successive periods of twelve (12) months (each a Renewal "
    "Term).",
    "14.2 Either party may terminate this Agreement with effect from the end of the Initial Term or of any Renewal "
    "Term by "
    "giving the other not less than one hundred and eighty (180) days’ written notice.",
    "14.3 A party may terminate this Agreement with immediate effect by written notice if the other commits a material "
    "breach "
    "which is incapable of remedy, or which is not remedied within thirty (30) days after receipt of a notice that "
    "specifies "
    "the breach and requires it to be remedied.",
    "14.4 Without prejudice to clause 14.3, the Customer may terminate this Agreement on ten (10) Business Days’ "
    "written "
    "notice if, in any period of ninety (90) consecutive days, three or more Temperature Excursions are recorded in "
    "the same "
    "Chamber. For this purpose an excursion is recorded when it appears in the Chamber Log, whether or not the "
    "Operator has "
    "disputed it under clause 9.6.",
    "14.5 The Operator shall inform the Customer in writing within five (5) Business Days after any Change of Control. "
    "The "
    "Customer may terminate this Agreement by written notice given within sixty (60) days after it is so informed.",
    "14.6 On expiry or termination of this Agreement for any reason the Operator shall release the Stock to the "
    "Customer or "
    "its carrier within fifteen (15) Business Days, in the order in which the Customer calls it off, and shall keep "
    "each "
    "Chamber at its Set Point until the last pallet has left it.",
};

constexpr double kMargin = 62, kTop = 70, kLine = 15.5;

struct Word {
    QString text;
    QRectF boxPt;
    int paragraph;
};

QFont printFont() {
    QFont font;
    font.setFamilies({QStringLiteral("C059"), QStringLiteral("Noto Serif"), QStringLiteral("serif")});
    font.setPixelSize(100); // measured large and scaled, so that places do not depend on hinting
    return font;
}

QVector<Word> layOutWords() {
    constexpr double size = 10.2;
    const QFontMetricsF metrics(printFont());
    const double scale = size / 100.0;
    QVector<Word> words;
    double y = kTop;
    int paragraph = 0;
    for (const char* text : kParagraphs) {
        double x = kMargin;
        for (const QString& word : QString::fromUtf8(text).split(u' ')) {
            const double width = metrics.horizontalAdvance(word) * scale;
            if (x + width > kDemoWidthPt - kMargin) {
                x = kMargin;
                y += kLine;
            }
            words.append({word, QRectF(x, y - 9, width, 12), paragraph});
            x += width + 3.2;
        }
        y += kLine * 1.65;
        ++paragraph;
    }
    return words;
}

} // namespace

QImage demoPage(int page, int widthPx) {
    const double scale = widthPx / kDemoWidthPt;
    QImage image(widthPx, qRound(kDemoHeightPt * scale), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::TextAntialiasing);
    painter.scale(scale, scale);
    QFont font = printFont();
    font.setPixelSize(20);
    painter.save();
    painter.scale(0.51, 0.51);
    painter.setPen(QColor(0x1a, 0x1a, 0x1a));
    for (const Word& word : layOutWords()) {
        font.setBold(word.paragraph == 0);
        painter.setFont(font);
        painter.drawText(QPointF(word.boxPt.left(), word.boxPt.bottom() - 3) / 0.51, word.text);
    }
    font.setBold(false);
    painter.setFont(font);
    painter.drawText(QPointF(kDemoWidthPt / 2 - 4, kDemoHeightPt - 30) / 0.51, QString::number(page));
    painter.restore();
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0xb3, 0x26, 0x1e));
    painter.drawEllipse(QPointF(470, 690), 26, 26); // a red stamp stays red at night
    return image;
}

QVector<PlaceItem> demoPlaces(int page, int paragraph) {
    QVector<PlaceItem> places;
    bool number = true;
    for (const Word& word : layOutWords()) {
        if (word.paragraph != paragraph) continue;
        if (!std::exchange(number, false))
            places.append(
                {page, QRectF(word.boxPt.x() / kDemoWidthPt, word.boxPt.y() / kDemoHeightPt,
                              (word.boxPt.width() + 3.2) / kDemoWidthPt, word.boxPt.height() / kDemoHeightPt)});
    }
    return places;
}

} // namespace lectern

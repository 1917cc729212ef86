// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Where pages, lit lines and margin chips lie; how many images are kept.
#include <QtTest/QTest>

#include "ui/reader/lit_places.h"
#include "ui/reader/page_images.h"
#include "ui/reader/page_layout.h"

using namespace lectern;

class ReaderGeometryTest : public QObject {
    Q_OBJECT
private slots:
    void the_widest_page_fills_the_view_beside_its_gutter() {
        PageLayout layout;
        layout.setSizes({{600, 800}, {300, 400}});
        layout.arrange(layout.fitWidthScale(882), 882);
        QCOMPARE(layout.pageRect(1).width(), 882 - PageLayout::kLeft - PageLayout::kGutter);
        QCOMPARE(layout.pageRect(2).top() - layout.pageRect(1).bottom(), PageLayout::kGap + 1);
        QCOMPARE(layout.pageRect(1).center().x(), layout.pageRect(2).center().x());
    }
    void every_height_belongs_to_a_page() {
        PageLayout layout;
        layout.setSizes(QVector<QSizeF>(50, QSizeF(600, 800)));
        layout.arrange(1, 700);
        QCOMPARE(layout.pageAt(-100), 1);
        QCOMPARE(layout.pageAt(1e9), 50);
        for (int page = 1; page <= 50; ++page) {
            QCOMPARE(layout.pageAt(layout.pageRect(page).top()), page);
            QCOMPARE(layout.pageAt(layout.pageRect(page).bottom()), page);
        }
    }
    void a_page_without_a_usable_size_is_laid_out_all_the_same() {
        PageLayout layout;
        layout.setSizes({{0, 0}, {-3, 1e30}, {qQNaN(), 5}});
        layout.arrange(1, 700);
        for (int page = 1; page <= 3; ++page)
            QVERIFY(layout.pageRect(page).height() > 100 && layout.pageRect(page).height() < 10000);
        QVERIFY(layout.pageRect(0).isEmpty() && layout.pageRect(4).isEmpty());
    }
    void words_of_a_line_are_joined_and_columns_are_not() {
        LitCitation citation;
        citation.places = {{1, {0.10, 0.1, 0.05, 0.02}},
                           {1, {0.16, 0.1, 0.05, 0.02}},
                           {1, {0.60, 0.1, 0.05, 0.02}},
                           {1, {0.60, 0.13, 0.05, 0.02}},
                           {2, {0.1, 0.1, 0.1, 0.02}}};
        const auto lines = litLines(citation, 1, QRectF(0, 0, 1000, 1000));
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0].left(), 100.0);
        QCOMPARE(lines[0].right(), 210.0);
    }
    void boxes_outside_the_page_are_cut() {
        LitCitation citation;
        citation.places = {{1, {0.9, 0.9, 5, 5}}, {1, {2, 2, 1, 1}}};
        const auto lines = litLines(citation, 1, QRectF(0, 0, 100, 100));
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines[0].right() <= 100.001 && lines[0].bottom() <= 101);
    }
    void margin_chips_never_touch() {
        QVector<LitCitation> citations;
        for (int id = 1; id <= 4; ++id)
            citations.append({id, id == 2, 1, "verified", {{1, {0.1, 0.1 + 0.001 * (4 - id), 0.1, 0.02}}}});
        const auto marks = marginMarks(citations, 1, QRectF(0, 0, 500, 700));
        QCOMPARE(marks.size(), 4);
        QCOMPARE(marks.first().id, 4);
        for (int i = 1; i < marks.size(); ++i) QVERIFY(marks[i].box.top() >= marks[i - 1].box.bottom());
    }
    void images_stay_within_their_budget() {
        PageImages images(4 << 20);
        for (int page = 1; page <= 40; ++page) images.insert(page, 500, QImage(500, 500, QImage::Format_RGB32));
        QVERIFY(images.bytes() <= 4 << 20);
        QVERIFY(images.find(40) && !images.find(1));
        QVERIFY(!images.lacks(40, 500) && images.lacks(40, 600) && images.lacks(1, 500));
    }
    void a_failed_page_is_not_asked_for_again() {
        PageImages images(1 << 20);
        images.setFailed(3, {"Damaged.", "text"});
        QVERIFY(!images.lacks(3, 500));
        QCOMPARE(images.failed(3)->message, QString("Damaged."));
    }
};

QTEST_GUILESS_MAIN(ReaderGeometryTest)
#include "reader_geometry_test.moc"

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Rows of the library follow what the service announces.
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include "tests/ui/demo_services.h"
#include "ui/library/library_model.h"

using namespace lectern;

class LibraryModelTest : public QObject {
    Q_OBJECT
private slots:
    void any_change_of_the_list_arrives_row_by_row() {
        LibraryModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &LibraryModel::modelReset);
        QVector<DocumentItem> documents = demoDocuments();
        const auto check = [&] {
            model.setDocuments(documents);
            QCOMPARE(model.rowCount(), int(documents.size()));
            for (int row = 0; row < documents.size(); ++row)
                QCOMPARE(model.index(row).data(LibraryModel::IdRole).toLongLong(), documents[row].id);
        };
        check();
        documents.removeAt(3);
        documents.move(0, 6);
        check();
        std::reverse(documents.begin(), documents.end());
        documents.insert(2, demoDocuments()[3]);
        check();
        documents.clear();
        check();
        QCOMPARE(resets.count(), 0);
    }
    void a_change_of_one_document_paints_one_row() {
        LibraryModel model;
        QVector<DocumentItem> documents = demoDocuments();
        model.setDocuments(documents);
        QSignalSpy changes(&model, &LibraryModel::dataChanged);
        documents[4].pages = 400;
        model.setDocuments(documents);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes[0][0].toModelIndex().row(), 4);
    }
    void badges_say_what_is_out_of_the_ordinary() {
        LibraryModel model;
        model.setDocuments(demoDocuments());
        const auto badge = [&](int row) { return model.index(row).data(LibraryModel::BadgeRole).toString(); };
        QCOMPARE(badge(0), QString());
        QCOMPARE(badge(4), QString("warning"));
        QCOMPARE(model.index(4).data(LibraryModel::CountRole).toInt(), 2);
        QCOMPARE(badge(5), QString("lock"));
        QCOMPARE(badge(8), QString("error"));
        QVERIFY(model.index(8).data(Qt::ToolTipRole).toString().contains("page 3"));
    }
    void progress_belongs_to_the_row_of_its_file() {
        LibraryModel model;
        QVector<DocumentItem> documents = demoDocuments();
        documents[1].arriving = documents[2].arriving = true;
        model.setDocuments(documents);
        model.setProgress({documents[1].path, "Second amendment", 0, 2, 5, 20});
        QCOMPARE(model.index(1).data(LibraryModel::CountRole).toInt(), 25);
        QCOMPARE(model.index(2).data(LibraryModel::CountRole).toInt(), -1);
        model.clearProgress();
        QCOMPARE(model.index(1).data(LibraryModel::CountRole).toInt(), -1);
    }
};

QTEST_GUILESS_MAIN(LibraryModelTest)
#include "library_model_test.moc"

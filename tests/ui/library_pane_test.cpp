// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// Adding, finding, unlocking and removing documents in the window.
#include <QtCore/QMimeData>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>
#include <QtGui/QDropEvent>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>
#include <QtWidgets/QMessageBox>

#include "tests/ui/window_fixture.h"
#include "ui/library/import_report.h"
#include "ui/library/library_pane.h"
#include "ui/library/report_row.h"
#include "ui/reader/reader_pane.h"
#include "ui/window/drop_hint.h"

using namespace lectern;

class LibraryPaneTest : public QObject {
    Q_OBJECT
private slots:
    void a_locked_document_asks_for_its_password_when_it_is_opened() {
        WindowFixture it(furnished);
        it.window.openDocument(6);
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(0));
        QVERIFY(it.window.importReport().isVisible());
        QVERIFY(it.window.importReport().findChild<QLineEdit*>()->isVisible());
    }
    void what_was_set_up_is_there_again_next_time() {
        QTemporaryDir folder;
        const QString file = folder.filePath("look.ini");
        {
            WindowFixture it(furnished);
            it.theme.choose(ThemeChoice::Dark, true);
            it.window.resize(1111, 777);
            QSettings settings(file, QSettings::IniFormat);
            it.window.saveLook(settings);
        }
        WindowFixture it(furnished);
        it.window.restoreLook(QSettings(file, QSettings::IniFormat));
        QVERIFY(it.theme.isDark() && it.theme.highContrast());
        QCOMPARE(it.window.size(), QSize(1111, 777));
    }
    void dropped_files_and_folders_are_added() {
        WindowFixture it(furnished);
        QMimeData data;
        data.setUrls(
            {QUrl::fromLocalFile("/tmp/a.pdf"), QUrl::fromLocalFile("/tmp/folder"), QUrl("https://example.org/x")});
        QDragEnterEvent enter({600, 400}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&it.window, &enter);
        QVERIFY(enter.isAccepted());
        QVERIFY(it.window.findChild<DropHint*>()->isVisible());
        QDropEvent drop(QPointF(600, 400), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&it.window, &drop);
        QCOMPARE(it.session.addedPaths, QStringList({"/tmp/a.pdf", "/tmp/folder"}));
        QVERIFY(!it.window.findChild<DropHint*>()->isVisible());
    }
    void drops_over_the_talk_reach_the_window() {
        WindowFixture it(furnished);
        for (QWidget* child : it.window.findChildren<QWidget*>())
            QVERIFY2(!child->acceptDrops(), child->metaObject()->className());
    }
    void a_locked_file_takes_its_password_in_its_row() {
        WindowFixture it(furnished);
        it.library.addPaths({"/tmp/locked minutes.pdf"});
        QTRY_VERIFY(it.window.importReport().isVisible());
        auto* row = it.window.importReport().findChild<ReportRow*>();
        QVERIFY(row);
        auto* field = row->findChild<QLineEdit*>();
        QTest::keyClicks(field, "wrong");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(it.session.passwords.size(), 1);
        QVERIFY(it.window.importReport().isVisible() && field->isEnabled());
        QTest::keyClicks(field, "secret");
        QTest::mouseClick(buttonNamed(*row, "Unlock"), Qt::LeftButton);
        QCOMPARE(it.session.passwords.last(), qMakePair(QString("/tmp/locked minutes.pdf"), QString("secret")));
        QTRY_VERIFY(!it.window.importReport().isVisible());
    }
    void a_folder_full_of_trouble_is_counted_beyond_what_can_be_read() {
        WindowFixture it(furnished);
        for (int i = 0; i < 1000; ++i)
            emit it.library.fileAdded({QStringLiteral("/tmp/%1.wpd").arg(i), "unsupported", {}, 0, 0});
        emit it.library.addFinished();
        QVERIFY(it.window.importReport().isVisible());
        QCOMPARE(it.window.importReport().findChildren<ReportRow*>().size(), qsizetype(ImportReport::kMostRows));
        bool said = false;
        for (QLabel* label : it.window.importReport().findChildren<QLabel*>())
            said = said || label->text() == "1,000 files need attention";
        QVERIFY(said);
    }
    void the_filter_leaves_names_that_contain_the_words() {
        WindowFixture it(furnished);
        auto* field = it.window.libraryPane().findChild<QLineEdit*>();
        auto* view = it.window.libraryPane().findChild<QListView*>();
        QCOMPARE(view->model()->rowCount(), 12);
        QTest::keyClicks(field, "pleading");
        QCOMPARE(view->model()->rowCount(), 2);
        QTest::keyClicks(field, "xyz");
        QVERIFY(!view->isVisible());
        field->clear();
        QCOMPARE(view->model()->rowCount(), 12);
    }
    void removing_asks_first() {
        WindowFixture it(furnished);
        it.window.openDocument(2);
        auto* view = it.window.libraryPane().findChild<QListView*>();
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(it.session.removed.isEmpty());
        auto* box = it.window.findChild<QMessageBox*>("removal");
        QVERIFY(box && box->isVisible());
        for (QAbstractButton* button : box->buttons())
            if (button->text() == "Remove") QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(it.session.removed, QVector<qint64>{2});
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(0)); // its tab went too
    }
    void one_is_not_many() {
        WindowFixture it(furnished);
        it.session.announce({demoDocuments()[7]});
        bool said = false;
        for (QLabel* label : it.window.findChildren<QLabel*>()) said = said || label->text() == "1 document, 9 pages";
        QVERIFY(said);
    }
};

QTEST_MAIN(LibraryPaneTest)
#include "library_pane_test.moc"

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// What a person does in the window, and what the services are asked for.
#include <QtCore/QMimeData>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>
#include <QtGui/QDropEvent>
#include <QtTest/QSignalSpy>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMessageBox>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

#include "tests/ui/window_fixture.h"
#include "ui/library/import_report.h"
#include "ui/library/library_pane.h"
#include "ui/library/report_row.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_pane.h"
#include "ui/talk/answer_view.h"
#include "ui/talk/turn_view.h"
#include "ui/theme/pick_button.h"
#include "ui/window/drop_hint.h"

using namespace lectern;

namespace {

QPushButton* buttonNamed(QWidget& in, const QString& words)
{
    for (QPushButton* button : in.findChildren<QPushButton*>())
        if (button->text() == words)
            return button;
    return nullptr;
}

/// Clicks the middle of a chip of the last answer; false if it has no place yet.
bool clickChip(WindowFixture& it, int chip)
{
    AnswerView& answer = it.window.talkPane().turnView(0)->answer();
    answer.grab(); // chips get their places when they are painted
    const QRect box = answer.chipRect(chip);
    if (box.isEmpty())
        return false;
    QTest::mouseClick(answer.viewport(), Qt::LeftButton, {}, box.center());
    return true;
}

} // namespace

class WindowTest : public QObject {
    Q_OBJECT
private slots:
    void a_click_on_a_chip_opens_the_page_with_its_words_lit()
    {
        WindowFixture it(furnished);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        QTRY_COMPARE(it.window.talkPane().turnView(0)->answer().chipCount(), 6);
        QVERIFY(clickChip(it, 1));
        PageView* view = it.window.readerPane().currentView();
        QVERIFY(view);
        QCOMPARE(view->document(), qint64(1));
        QTRY_COMPARE(view->currentPage(), 38);
        QTRY_VERIFY(!view->openLines(38).isEmpty());
        const QRectF line = view->openLines(38).first();
        QTRY_VERIFY(view->viewport()->rect().contains(view->openLines(38).first().toRect()));
        QVERIFY(line.width() > 50);
        int open = 0;
        for (const LitCitation& citation : view->lit())
            open += citation.open ? citation.id : 0;
        QCOMPARE(open, 2);
        QCOMPARE(view->lit().size(), 5); // the sixth lies in another document
    }
    void lit_words_are_yellow_and_stay_readable()
    {
        WindowFixture it(furnished);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        it.window.talkPane().openCitation(0, 1);
        PageView* view = it.window.readerPane().currentView();
        QTRY_VERIFY(!view->openLines(38).isEmpty() && view->viewport()->rect().contains(view->openLines(38)[0].toRect()));
        QTest::qWait(800); // the image arrives, the pulse ends
        const QImage shot = view->viewport()->grab().toImage();
        const QRect line = view->openLines(38).first().toRect();
        int yellow = 0, dark = 0;
        for (int x = line.left() + 2; x < line.right() - 2; ++x)
            for (int y = line.top() + 1; y < line.bottom() - 2; ++y) {
                const QColor color = shot.pixelColor(x, y);
                yellow += color == it.theme.color(Token::Lit);
                dark += color.lightness() < 100;
            }
        QVERIFY2(yellow > line.width() * line.height() / 3, qPrintable(QString::number(yellow)));
        QVERIFY2(dark > 50, qPrintable(QString::number(dark)));
    }
    void chips_can_be_reached_and_opened_with_the_keyboard()
    {
        WindowFixture it(furnished);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        AnswerView& answer = it.window.talkPane().turnView(0)->answer();
        QTRY_COMPARE(answer.chipCount(), 6);
        QSignalSpy opened(&it.window.talkPane(), &TalkPane::citationOpened);
        answer.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&answer, Qt::Key_Tab);
        QTest::keyClick(&answer, Qt::Key_Tab);
        QTest::keyClick(&answer, Qt::Key_Right);
        QTest::keyClick(&answer, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened[0][0].value<CitationItem>().id, 3);
    }
    void the_stop_button_stops_and_what_came_stays()
    {
        WindowFixture it([](auto& session, auto& engine) { furnished(session, engine), engine.pieceMs = 10; });
        it.ask("When may it end?");
        QTRY_VERIFY(it.turn().text.size() > 30);
        QPushButton* stop = buttonNamed(it.window.talkPane().composer(), "Stop");
        QVERIFY(stop && stop->isVisible());
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(it.engine.stops, 1);
        QCOMPARE(it.turn().state, TalkTurn::State::Stopped);
        const QString text = it.turn().text;
        QVERIFY(text.size() > 30);
        QTest::qWait(60);
        QCOMPARE(it.turn().text, text);
        QVERIFY(!stop->isVisible());
    }
    void escape_in_the_question_field_stops_too()
    {
        WindowFixture it([](auto& session, auto& engine) { furnished(session, engine), engine.pieceMs = 10; });
        it.ask("When may it end?");
        QTRY_VERIFY(!it.turn().text.isEmpty());
        QTest::keyClick(&it.window.talkPane().composer().field(), Qt::Key_Escape);
        QCOMPARE(it.turn().state, TalkTurn::State::Stopped);
    }
    void late_pieces_of_an_older_request_are_ignored()
    {
        WindowFixture it(silent);
        it.ask("First?");
        const quint64 first = it.turn().request;
        emit it.asking.textArrived(first, "Old. ");
        it.ask("Second?");
        const quint64 second = it.turn().request;
        QVERIFY(second != first);
        emit it.asking.textArrived(first, "Late. ");
        emit it.asking.textArrived(second, "New. ");
        emit it.asking.citationFound(first, demoCitations()[0]);
        emit it.asking.finished(first, "Late.");
        const auto& turns = it.window.talkPane().conversation().turns();
        QCOMPARE(turns[0].text, QString("Old. "));
        QCOMPARE(turns[0].state, TalkTurn::State::Stopped);
        QCOMPARE(turns[1].text, QString("New. "));
        QVERIFY(turns[1].citations.isEmpty());
        QVERIFY(it.window.talkPane().conversation().isAnswering());
    }
    void a_failure_is_a_bar_in_the_talk_and_can_be_tried_again()
    {
        WindowFixture it([](auto& session, auto& engine) { furnished(session, engine), engine.fails = true; });
        it.ask("When may it end?");
        QCOMPARE(it.turn().state, TalkTurn::State::Failed);
        QTRY_VERIFY(buttonNamed(*it.window.talkPane().turnView(0), "Ask again"));
        QVERIFY(buttonNamed(*it.window.talkPane().turnView(0), "Ask again")->isVisible());
        it.engine.fails = false;
        QTest::mouseClick(buttonNamed(*it.window.talkPane().turnView(0), "Ask again"), Qt::LeftButton);
        QCOMPARE(it.engine.questions.size(), 2);
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
    }
    void without_documents_or_model_no_question_is_asked_and_the_reason_is_said()
    {
        WindowFixture it(bare);
        it.ask("When may it end?");
        QVERIFY(it.engine.questions.isEmpty());
        QVERIFY(it.window.talkPane().composer().obstacle().contains("document"));
        it.session.announce(demoDocuments());
        it.ask("When may it end?");
        QVERIFY(it.engine.questions.isEmpty());
        QVERIFY(it.window.talkPane().composer().obstacle().contains("model"));
        it.model.load("/models/granite.gguf");
        it.ask("When may it end?");
        QCOMPARE(it.engine.questions, QStringList("When may it end?"));
    }
    void shift_enter_begins_a_line_and_enter_sends()
    {
        WindowFixture it(silent);
        ComposerEdit& field = it.window.talkPane().composer().field();
        QTest::keyClicks(&field, "One");
        QTest::keyClick(&field, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(&field, "two?");
        QVERIFY(it.engine.questions.isEmpty());
        QTest::keyClick(&field, Qt::Key_Return);
        QCOMPARE(it.engine.questions, QStringList("One\ntwo?"));
        QVERIFY(field.toPlainText().isEmpty());
    }
    void reading_whole_asks_about_the_open_document_only()
    {
        WindowFixture it(silent);
        it.window.openDocument(7);
        for (PickButton* pick : it.window.talkPane().findChildren<PickButton*>())
            for (QAction* action : pick->menu()->actions())
                if (action->text() == "Read whole document")
                    action->trigger();
        it.ask("What is it about?");
        QCOMPARE(it.engine.scopes.value(0), QVector<qint64>{7});
    }
    void a_locked_document_asks_for_its_password_when_it_is_opened()
    {
        WindowFixture it(furnished);
        it.window.openDocument(6);
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(0));
        QVERIFY(it.window.importReport().isVisible());
        QVERIFY(it.window.importReport().findChild<QLineEdit*>()->isVisible());
    }
    void what_was_set_up_is_there_again_next_time()
    {
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
    void dropped_files_and_folders_are_added()
    {
        WindowFixture it(furnished);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile("/tmp/a.pdf"), QUrl::fromLocalFile("/tmp/folder"), QUrl("https://example.org/x")});
        QDragEnterEvent enter({600, 400}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&it.window, &enter);
        QVERIFY(enter.isAccepted());
        QVERIFY(it.window.findChild<DropHint*>()->isVisible());
        QDropEvent drop(QPointF(600, 400), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&it.window, &drop);
        QCOMPARE(it.session.addedPaths, QStringList({"/tmp/a.pdf", "/tmp/folder"}));
        QVERIFY(!it.window.findChild<DropHint*>()->isVisible());
    }
    void drops_over_the_talk_reach_the_window()
    {
        WindowFixture it(furnished);
        for (QWidget* child : it.window.findChildren<QWidget*>())
            QVERIFY2(!child->acceptDrops(), child->metaObject()->className());
    }
    void a_locked_file_takes_its_password_in_its_row()
    {
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
    void a_folder_full_of_trouble_is_counted_beyond_what_can_be_read()
    {
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
    void the_filter_leaves_names_that_contain_the_words()
    {
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
    void removing_asks_first()
    {
        WindowFixture it(furnished);
        it.window.openDocument(2);
        auto* view = it.window.libraryPane().findChild<QListView*>();
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(it.session.removed.isEmpty());
        auto* box = it.window.findChild<QMessageBox*>("removal");
        QVERIFY(box && box->isVisible());
        for (QAbstractButton* button : box->buttons())
            if (button->text() == "Remove")
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(it.session.removed, QVector<qint64>{2});
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(0)); // its tab went too
    }
    void back_returns_to_where_a_citation_was_opened_from()
    {
        WindowFixture it(furnished);
        it.window.openDocument(2);
        PageView* view = it.window.readerPane().currentView();
        QTRY_VERIFY(view->pageCount() > 0);
        view->goToPage(100);
        CitationItem citation = demoCitations()[0];
        it.window.readerPane().showCitation(citation, {});
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(1));
        it.window.readerPane().goBack();
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(2));
        QCOMPARE(view->currentPage(), 100);
        it.window.readerPane().goForward();
        QCOMPARE(it.window.readerPane().currentDocument(), qint64(1));
    }
    void pages_are_found_by_label_and_by_number()
    {
        WindowFixture it(furnished);
        it.window.openDocument(1);
        PageView* view = it.window.readerPane().currentView();
        QTRY_VERIFY(view->pageCount() > 0);
        QCOMPARE(view->findPage("iii"), 3);
        QCOMPARE(view->findPage("34"), 38);
        QCOMPARE(view->findPage("214"), 214);
        QCOMPARE(view->findPage("9999"), 0);
        QCOMPARE(view->findPage(""), 0);
    }
    void zooming_keeps_the_place()
    {
        WindowFixture it(furnished);
        it.window.openDocument(1);
        PageView* view = it.window.readerPane().currentView();
        QTRY_VERIFY(view->pageCount() > 0);
        view->setPlace({50, 0.4});
        view->zoomIn();
        view->zoomIn();
        QCOMPARE(view->place().page, 50);
        QVERIFY(qAbs(view->place().share - 0.4) < 0.02);
        view->setFitWidth();
        QVERIFY(view->fitsWidth());
        QCOMPARE(view->place().page, 50);
    }
    void a_document_that_still_arrives_grows_in_the_reader()
    {
        WindowFixture it(furnished);
        it.session.layoutPages = 20;
        QVector<DocumentItem> documents = demoDocuments();
        documents[0].pages = 20;
        documents[0].arriving = true;
        it.session.announce(documents);
        it.window.openDocument(1);
        PageView* view = it.window.readerPane().currentView();
        QTRY_COMPARE(view->pageCount(), 20);
        view->setPlace({15, 0.5});
        it.session.layoutPages = documents[0].pages = 60;
        it.session.announce(documents);
        QTRY_COMPARE(view->pageCount(), 60);
        QCOMPARE(view->place().page, 15);
        QVERIFY(qAbs(view->place().share - 0.5) < 0.02);
    }
    void only_pages_in_sight_are_asked_for()
    {
        WindowFixture it(furnished);
        it.window.openDocument(1);
        QTest::qWait(300);
        QVERIFY2(it.session.pageRequests >= 2 && it.session.pageRequests <= 8,
                 qPrintable(QString::number(it.session.pageRequests)));
    }
    void a_narrow_window_shows_one_pane_at_a_time()
    {
        WindowFixture it(furnished);
        it.window.resize(900, 700);
        QCoreApplication::processEvents();
        QVERIFY(it.window.talkPane().isVisible() && !it.window.readerPane().isVisible());
        it.window.openDocument(1);
        QVERIFY(!it.window.talkPane().isVisible() && it.window.readerPane().isVisible());
        it.window.resize(1280, 800);
        QCoreApplication::processEvents();
        QVERIFY(it.window.talkPane().isVisible() && it.window.libraryPane().isVisible());
    }
    void everything_that_can_be_used_has_a_name()
    {
        WindowFixture it(furnished);
        it.window.openDocument(1);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        for (QToolButton* button : it.window.findChildren<QToolButton*>())
            QVERIFY2(button->objectName().startsWith("qt_") || button->objectName().startsWith("Scroll") ||
                         !button->accessibleName().isEmpty() || button->objectName().isEmpty() == false ||
                         qobject_cast<QLineEdit*>(button->parentWidget()),
                     qPrintable(button->parentWidget()->metaObject()->className()));
        for (QLineEdit* field : it.window.findChildren<QLineEdit*>())
            QVERIFY(!field->accessibleName().isEmpty());
    }
    void one_is_not_many()
    {
        WindowFixture it(furnished);
        it.session.announce({demoDocuments()[7]});
        bool said = false;
        for (QLabel* label : it.window.findChildren<QLabel*>())
            said = said || label->text() == "1 document, 9 pages";
        QVERIFY(said);
    }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// What a person does in the window, and what the services are asked for.
#include <QtTest/QSignalSpy>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>

#include "tests/ui/window_fixture.h"
#include "ui/library/library_pane.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_pane.h"
#include "ui/talk/answer_view.h"
#include "ui/talk/turn_view.h"
#include "ui/theme/pick_button.h"

using namespace lectern;

namespace {

/// Clicks the middle of a chip of the last answer; false if it has no place yet.
bool clickChip(WindowFixture& it, int chip) {
    AnswerView& answer = it.window.talkPane().turnView(0)->answer();
    answer.grab(); // chips get their places when they are painted
    const QRect box = answer.chipRect(chip);
    if (box.isEmpty()) return false;
    QTest::mouseClick(answer.viewport(), Qt::LeftButton, {}, box.center());
    return true;
}

} // namespace

class WindowTest : public QObject {
    Q_OBJECT
private slots:
    void a_click_on_a_chip_opens_the_page_with_its_words_lit() {
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
        for (const LitCitation& citation : view->lit()) open += citation.open ? citation.id : 0;
        QCOMPARE(open, 2);
        QCOMPARE(view->lit().size(), 5); // the sixth lies in another document
    }
    void lit_words_are_yellow_and_stay_readable() {
        WindowFixture it(furnished);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        it.window.talkPane().openCitation(0, 1);
        PageView* view = it.window.readerPane().currentView();
        QTRY_VERIFY(!view->openLines(38).isEmpty() &&
                    view->viewport()->rect().contains(view->openLines(38)[0].toRect()));
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
    void chips_can_be_reached_and_opened_with_the_keyboard() {
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
    void the_stop_button_stops_and_what_came_stays() {
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
    void escape_in_the_question_field_stops_too() {
        WindowFixture it([](auto& session, auto& engine) { furnished(session, engine), engine.pieceMs = 10; });
        it.ask("When may it end?");
        QTRY_VERIFY(!it.turn().text.isEmpty());
        QTest::keyClick(&it.window.talkPane().composer().field(), Qt::Key_Escape);
        QCOMPARE(it.turn().state, TalkTurn::State::Stopped);
    }
    void late_pieces_of_an_older_request_are_ignored() {
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
    void a_failure_is_a_bar_in_the_talk_and_can_be_tried_again() {
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
    void without_documents_or_model_no_question_is_asked_and_the_reason_is_said() {
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
    void shift_enter_begins_a_line_and_enter_sends() {
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
    void reading_whole_asks_about_the_open_document_only() {
        WindowFixture it(silent);
        it.window.openDocument(7);
        for (PickButton* pick : it.window.talkPane().findChildren<PickButton*>())
            for (QAction* action : pick->menu()->actions())
                if (action->text() == "Read whole document") action->trigger();
        it.ask("What is it about?");
        QCOMPARE(it.engine.scopes.value(0), QVector<qint64>{7});
    }
    void back_returns_to_where_a_citation_was_opened_from() {
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
    void pages_are_found_by_label_and_by_number() {
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
    void zooming_keeps_the_place() {
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
    void a_document_that_still_arrives_grows_in_the_reader() {
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
    void only_pages_in_sight_are_asked_for() {
        WindowFixture it(furnished);
        it.window.openDocument(1);
        QTest::qWait(300);
        QVERIFY2(it.session.pageRequests >= 2 && it.session.pageRequests <= 8,
                 qPrintable(QString::number(it.session.pageRequests)));
    }
    void a_narrow_window_shows_one_pane_at_a_time() {
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
    void everything_that_can_be_used_has_a_name() {
        WindowFixture it(furnished);
        it.window.openDocument(1);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        for (QToolButton* button : it.window.findChildren<QToolButton*>())
            QVERIFY2(button->objectName().startsWith("qt_") || button->objectName().startsWith("Scroll") ||
                         !button->accessibleName().isEmpty() || button->objectName().isEmpty() == false ||
                         qobject_cast<QLineEdit*>(button->parentWidget()),
                     qPrintable(button->parentWidget()->metaObject()->className()));
        for (QLineEdit* field : it.window.findChildren<QLineEdit*>()) QVERIFY(!field->accessibleName().isEmpty());
    }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// How an answer's text is taken apart: chips, verdicts, blocks.
#include <QtTest/QTest>

#include "tests/ui/demo_services.h"
#include "ui/talk/answer_layout.h"

using namespace lectern;

namespace {

TalkTurn answered(const QString& text, TalkTurn::State state = TalkTurn::State::Done) {
    TalkTurn turn;
    turn.text = text;
    turn.state = state;
    for (int id = 1; id <= 3; ++id) {
        CitationItem citation;
        citation.id = id;
        citation.mark = id + 10;
        citation.documentName = QStringLiteral("Deed");
        citation.page = id;
        turn.citations.append(citation);
    }
    return turn;
}

/// "text" for runs, "{1,2:verdict}" for tails.
QString shape(const AnswerBlock& block) {
    QString out;
    for (const AnswerRun& run : block.runs) {
        if (!run.isTail) {
            out += run.text;
            continue;
        }
        QStringList chips;
        for (int id : run.chips) chips << QString::number(id);
        out += u'{' + chips.join(u',') + (run.verdict.isEmpty() ? QString() : u':' + run.verdict) + u'}';
    }
    return out;
}

QString shapeOf(const TalkTurn& turn) {
    QStringList blocks;
    for (const AnswerBlock& block : layOutAnswer(turn)) blocks << shape(block);
    return blocks.join(u'|');
}

} // namespace

class AnswerLayoutTest : public QObject {
    Q_OBJECT
private slots:
    void marks_become_chips_behind_the_full_stop() {
        QCOMPARE(shapeOf(answered("It ends. [1] It stays [2].")), QString("It ends.{1} It stays.{2}"));
    }
    void neighbouring_marks_share_one_tail() {
        QCOMPARE(shapeOf(answered("It ends.[1][2] [3] Then")), QString("It ends.{1,2,3} Then"));
        QCOMPARE(shapeOf(answered("It ends [1, 3].")), QString("It ends.{1,3}"));
    }
    void a_mark_that_stands_for_nothing_vanishes() {
        QCOMPARE(shapeOf(answered("It ends. [9] Then")), QString("It ends. Then"));
    }
    void while_streaming_marks_are_the_models_and_half_a_mark_is_held_back() {
        QCOMPARE(shapeOf(answered("It ends. [11] Then [1", TalkTurn::State::Answering)), QString("It ends.{1} Then"));
        QCOMPARE(shapeOf(answered("It ends. [1]", TalkTurn::State::Answering)), QString("It ends."));
    }
    void verdicts_join_the_tail_of_their_sentence() {
        TalkTurn turn = answered("It ends. [1] It stays. [2]");
        turn.checks = {{13, 22, "partly", {2}}, {0, 8, "verified", {1}}};
        QCOMPARE(shapeOf(turn), QString("It ends.{1:verified} It stays.{2:partly}"));
    }
    void a_sentence_without_chips_gets_a_tail_for_its_verdict() {
        TalkTurn turn = answered("It ends. It stays.");
        turn.checks = {{0, 9, "gist", {}}, {9, 18, "unsupported", {}}};
        QCOMPARE(shapeOf(turn), QString("It ends.{:gist} It stays.{:unsupported}"));
        QVERIFY(layOutAnswer(turn).first().runs.first().gist);
    }
    void a_place_that_only_the_checker_found_gets_a_chip() {
        TalkTurn turn = answered("It ends.");
        turn.checks = {{0, 8, "verified", {3}}};
        QCOMPARE(shapeOf(turn), QString("It ends.{3:verified}"));
    }
    void verdicts_wait_until_the_answer_is_done() {
        TalkTurn turn = answered("It ends. [11]", TalkTurn::State::Answering);
        turn.checks = {{0, 8, "verified", {1}}};
        QCOMPARE(shapeOf(turn), QString("It ends.{1}"));
    }
    void what_the_source_denies_is_remarked_below() {
        TalkTurn turn = answered("It ends. [1]");
        turn.citations[0].quote = QStringLiteral("It does\nnot end.");
        turn.checks = {{0, 8, "contradicted", {1}}};
        const auto blocks = layOutAnswer(turn);
        QCOMPARE(blocks.first().remarks.size(), 1);
        QCOMPARE(blocks.first().remarks.first().quote, QString("It does not end."));
        QCOMPARE(blocks.first().remarks.first().where, QString("Deed, p. 1"));
    }
    void lists_headings_code_and_emphasis_keep_their_kind() {
        const auto blocks =
            layOutAnswer(answered("# Ends\nIt **may** end\nsoon.\n\n- one\n- two\n3. three\n```\na [1]\n```\n"));
        QCOMPARE(blocks.size(), 6);
        QVERIFY(blocks[0].kind == AnswerBlock::Kind::Heading);
        QCOMPARE(shape(blocks[1]), QString("It may end soon."));
        QVERIFY(blocks[1].runs[1].bold);
        QVERIFY(blocks[2].kind == AnswerBlock::Kind::Item);
        QCOMPARE(blocks[4].marker, QString("3."));
        QVERIFY(blocks[5].kind == AnswerBlock::Kind::Code);
        QCOMPARE(shape(blocks[5]), QString("a [1]"));
    }
    void every_cut_of_a_stream_can_be_laid_out() {
        const QString whole = demoAnswer();
        TalkTurn turn = answered({}, TalkTurn::State::Answering);
        turn.checks = {{-5, 3, "verified", {1}}, {2, 100000, "partly", {77}}};
        for (const auto state : {TalkTurn::State::Answering, TalkTurn::State::Done})
            for (int cut = 0; cut <= whole.size(); ++cut) {
                turn.text = whole.left(cut);
                turn.state = state;
                QVERIFY(layOutAnswer(turn).size() <= 9);
            }
    }
    void the_clipboard_names_the_sources() {
        const QString text = answerForClipboard(answered("It ends. [2]"));
        QVERIFY2(text.startsWith("It ends. [2]"), qPrintable(text));
        QVERIFY2(text.contains("[2] Deed, p. 2"), qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(AnswerLayoutTest)
#include "answer_layout_test.moc"

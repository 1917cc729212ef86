// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// The window answers while it is busy: no event of its thread takes long.
#include <algorithm>

#include <QtCore/QElapsedTimer>

#include "tests/ui/window_fixture.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_pane.h"

using namespace lectern;

namespace {

/// Ticks every few milliseconds; a tick that comes late tells how long the thread was busy.
class Watchdog : public QObject {
public:
    static constexpr int kTickMs = 2;
    Watchdog() {
        m_clock.start();
        startTimer(kTickMs, Qt::PreciseTimer);
    }
    double share(double of) // the delay that `of` of all ticks stay below, in milliseconds
    {
        std::sort(m_late.begin(), m_late.end());
        return m_late.isEmpty() ? 1e9 : m_late[qsizetype(of * double(m_late.size() - 1))];
    }
    qsizetype ticks() const { return m_late.size(); }

protected:
    void timerEvent(QTimerEvent*) override {
        m_late.append(double(m_clock.nsecsElapsed()) / 1e6 - kTickMs), m_clock.start();
    }

private:
    QElapsedTimer m_clock;
    QVector<double> m_late;
};

} // namespace

class ResponsivenessTest : public QObject {
    Q_OBJECT
private slots:
    void the_window_stays_quick_while_an_answer_streams_and_300_files_arrive() {
        WindowFixture it([](auto& session, auto& engine) { silent(session, engine); });
        it.window.openDocument(1);
        QTest::qWait(300);
        it.ask("Tell me all.");
        const quint64 request = it.turn().request;
        for (const CitationItem& citation : demoCitations()) emit it.asking.citationFound(request, citation);
        QVector<DocumentItem> documents = it.library.documents();
        Watchdog watchdog;
        for (int i = 0; i < 300; ++i) {
            DocumentItem item = documents.first();
            item.id = 1000 + i;
            item.name = QStringLiteral("Arriving %1").arg(i * 7919 % 300);
            item.path = QStringLiteral("/tmp/%1.pdf").arg(i);
            item.arriving = i % 3 == 0;
            documents.append(item);
            it.session.announce(documents);
            emit it.library.addProgressed({item.path, item.name, i, 300, i, 300});
            // A long answer: about 900 words by the end, a chip every sixth of them.
            emit it.asking.textArrived(request,
                                       i % 2 ? QStringLiteral("and so it goes [3] ") : QStringLiteral("on and on\n\n"));
            if (i % 10 == 0) it.window.readerPane().currentView()->goToPage(1 + i / 2);
            QTest::qWait(10);
        }
        emit it.asking.finished(request, it.turn().text);
        QTest::qWait(200);
        qInfo("p50 %.1f ms, p99 %.1f ms, longest %.1f ms, %lld ticks", watchdog.share(0.5), watchdog.share(0.99),
              watchdog.share(1), (long long)watchdog.ticks());
        QVERIFY(watchdog.ticks() > 200);
        QVERIFY2(watchdog.share(0.99) <= 50, qPrintable(QString::number(watchdog.share(0.99))));
        QVERIFY2(watchdog.share(1) <= 500, qPrintable(QString::number(watchdog.share(1))));
    }
    void switching_the_theme_is_no_long_event() {
        WindowFixture it(furnished);
        it.ask("When may it end?");
        QTRY_COMPARE(it.turn().state, TalkTurn::State::Done);
        QElapsedTimer clock;
        clock.start();
        it.theme.choose(ThemeChoice::Dark);
        QCoreApplication::processEvents();
        qInfo("theme switched in %lld ms", (long long)clock.elapsed());
        QVERIFY2(clock.elapsed() <= 500, qPrintable(QString::number(clock.elapsed())));
    }
};

QTEST_MAIN(ResponsivenessTest)
#include "responsiveness_test.moc"

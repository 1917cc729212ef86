// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// The window on real services: the samples, the starter model, the parse process. With LECTERN_SCREENSHOTS=DIR it saves
// what it shows there (tools/screenshots.sh).
#include <QtGui/QFontDatabase>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>

#include "app/engine_client.h"
#include "app/library_session.h"
#include "app/paths.h"
#include "app/services/ask_service.h"
#include "app/services/library_service.h"
#include "app/services/model_service.h"
#include "app/services/page_service.h"
#include "tests/support/temporary_folder.h"
#include "ui/main_window.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_pane.h"
#include "ui/talk/composer.h"
#include "ui/talk/composer_edit.h"
#include "ui/talk/talk_pane.h"
#include "ui/theme/theme.h"

using namespace lectern;

namespace {

constexpr int kPatienceMs = 60'000;
const std::filesystem::path kResources = std::filesystem::path(LECTERN_SOURCE_DIR) / "resources";

/// Everything that app/main.cpp builds, on a library of its own.
struct Desk {
    TemporaryFolder folder;
    std::unique_ptr<LibrarySession> session;
    std::unique_ptr<EngineClient> engine;
    std::unique_ptr<LibraryService> library;
    std::unique_ptr<PageService> pages;
    std::unique_ptr<AskService> asking;
    std::unique_ptr<ModelService> model;
    std::unique_ptr<Theme> theme;
    std::unique_ptr<MainWindow> window;

    Desk()
    {
        // Pictures show what a user has; tests must not depend on what set-up could fetch.
        const bool pictures = qEnvironmentVariableIsSet("LECTERN_SCREENSHOTS");
        auto opened = LibrarySession::open({folder / "library", Access::Write, pictures ? encoder_file() : folder / "no-encoder.gguf", 0});
        if (!opened) qFatal("%s", opened.error().message.c_str());
        session = std::move(*opened);
        EngineOptions options;
        options.model_folders = {kResources};
        options.resources = kResources;
        engine = std::make_unique<EngineClient>(options);
        library = std::make_unique<LibraryService>(*session);
        pages = std::make_unique<PageService>(*session);
        asking = std::make_unique<AskService>(*session, *engine);
        model = std::make_unique<ModelService>(*engine);
        theme = std::make_unique<Theme>(QString::fromStdString(kResources.string()));
        window = std::make_unique<MainWindow>(*theme, *library, *pages, *asking, *model);
        window->resize(1280, 800);
        window->show();
    }

    bool loadModel()
    {
        QSignalSpy changed(model.get(), &ModelService::modelChanged);
        model->load(QStringLiteral("starter"));
        return changed.wait(kPatienceMs) && model->model().ready;
    }

    bool addSamples()
    {
        QSignalSpy finished(library.get(), &LibraryService::addFinished);
        library->addPaths({QString::fromStdString((kResources / "samples").string())});
        if (!finished.wait(kPatienceMs)) return false;
        const auto searchesByWordsOnly = [this] {
            const auto found = session->search({"warranty", {}, 1, Mode::Hybrid}, {});
            return found && !found->note.empty();
        };
        // Pictures wait for the vectors as well.
        for (int i = 0; qEnvironmentVariableIsSet("LECTERN_SCREENSHOTS") && searchesByWordsOnly() && i < 100; ++i) QTest::qWait(200);
        return true;
    }

    bool ask(const QString& question)
    {
        QSignalSpy finished(asking.get(), &AskService::finished);
        window->talkPane().composer().field().setPlainText(question);
        window->talkPane().composer().submit();
        return finished.wait(kPatienceMs);
    }

    void save(const QString& name)
    {
        const QString target = qEnvironmentVariable("LECTERN_SCREENSHOTS");
        if (target.isEmpty()) return;
        QTest::qWait(700); // motions end, pages come
        QVERIFY(window->grab().save(target + QLatin1Char('/') + name));
    }
};

} // namespace

class RealWindowTest : public QObject {
    Q_OBJECT
private slots:
    void a_dropped_folder_is_asked_and_the_citation_opens_the_page()
    {
        Desk desk;
        QVERIFY(desk.loadModel());
        QVERIFY(desk.addSamples());
        QTRY_COMPARE(desk.library->documents().size(), 5);
        for (const DocumentItem& document : desk.library->documents()) QCOMPARE(document.outcome, QStringLiteral("ready"));

        QSignalSpy cited(desk.asking.get(), &AskService::citationFound);
        QSignalSpy shown(desk.pages.get(), &PageService::pageReady);
        QVERIFY(desk.ask(QStringLiteral("How long is the warranty period?")));
        QCOMPARE(cited.size(), 1);
        const auto citation = cited[0][1].value<CitationItem>();
        QCOMPARE(citation.documentName, QStringLiteral("services-agreement.pdf"));
        desk.window->talkPane().openCitation(0, citation.id);
        PageView* view = desk.window->readerPane().currentView();
        QVERIFY(view);
        QTRY_COMPARE_WITH_TIMEOUT(view->currentPage(), citation.page, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), kPatienceMs);
        QTRY_VERIFY(!view->openLines(citation.page).isEmpty());
        desk.theme->choose(ThemeChoice::Light);
        desk.save(QStringLiteral("window-light.png"));
        desk.theme->choose(ThemeChoice::Dark);
        desk.save(QStringLiteral("window-dark.png"));
        desk.theme->choose(ThemeChoice::Light);
        desk.window->resize(2560, 1440);
        desk.save(QStringLiteral("window-2560.png"));

        // The next question belongs to the same talk, a new conversation begins anew.
        QVERIFY(desk.ask(QStringLiteral("Which law governs the agreement?")));
        QCOMPARE(cited.last()[1].value<CitationItem>().id, citation.id + 1);
        desk.window->talkPane().newConversation();
        QVERIFY(desk.ask(QStringLiteral("Which law governs the agreement?")));
        QCOMPARE(cited.last()[1].value<CitationItem>().id, 1);
    }

    void stopping_an_answer_says_so_and_the_next_question_is_answered()
    {
        Desk desk;
        QVERIFY(desk.loadModel());
        QVERIFY(desk.addSamples());
        QSignalSpy stopped(desk.asking.get(), &AskService::stopped);
        QSignalSpy started(desk.asking.get(), &AskService::started);
        desk.asking->ask(QStringLiteral("How much does the pump weigh?"), {}, AskMode::Passages);
        QVERIFY(started.wait(kPatienceMs));
        desk.asking->stop();
        QVERIFY(!stopped.isEmpty() || stopped.wait(kPatienceMs));
        stopped.clear();
        desk.asking->ask(QStringLiteral("How much does the pump weigh?"), {}, AskMode::Passages);
        desk.asking->stop(); // before it began
        QVERIFY(!stopped.isEmpty() || stopped.wait(kPatienceMs));
        QVERIFY(!desk.asking->isAnswering());
        QVERIFY(desk.ask(QStringLiteral("How much does the pump weigh?")));
    }

    void a_missing_model_is_a_sentence_where_questions_are_asked()
    {
        Desk desk;
        QSignalSpy changed(desk.model.get(), &ModelService::modelChanged);
        desk.model->load(QStringLiteral("no-such-model"));
        QVERIFY(changed.wait(kPatienceMs));
        QVERIFY(!desk.model->model().ready);
        QVERIFY(desk.model->model().message.contains(QStringLiteral("no-such-model")));
    }

    void a_removed_document_leaves_the_list()
    {
        Desk desk;
        QVERIFY(desk.addSamples());
        QTRY_COMPARE(desk.library->documents().size(), 5);
        desk.library->removeDocuments({desk.library->documents().first().id});
        QTRY_COMPARE_WITH_TIMEOUT(desk.library->documents().size(), 4, kPatienceMs);
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setFont(QFont(QStringLiteral("Inter"), 10));
    RealWindowTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_test.moc"

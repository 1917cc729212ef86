// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// ui_preview: shows the window with demo services, or saves a picture of it in one of its states.
#include <cstdio>

#include <QtCore/QCommandLineParser>
#include <QtCore/QTimer>
#include <QtGui/QFontDatabase>
#include <QtWidgets/QApplication>

#include "tests/ui/demo_services.h"
#include "ui/library/library_pane.h"
#include "ui/main_window.h"
#include "ui/reader/page_view.h"
#include "ui/reader/reader_pane.h"
#include "ui/talk/composer.h"
#include "ui/talk/composer_edit.h"
#include "ui/talk/talk_pane.h"
#include "ui/theme/theme.h"

using namespace lectern;

namespace {

/// The demo services with what a state needs.
struct Stage {
    LibrarySession session;
    EngineClient engine;
    explicit Stage(const QString& state) {
        if (state != QLatin1String("empty")) {
            session.documents = demoDocuments();
            engine.model = demoModel();
        }
        engine.pieceMs = state == QLatin1String("streaming") ? 25 : 1;
        engine.fails = state == QLatin1String("error");
        session.failingPages = state == QLatin1String("error");
    }
};

constexpr const char* kQuestion = "When may either side end the agreement, and with how much notice?";

void ask(MainWindow& window) {
    Composer& composer = window.talkPane().composer();
    composer.field().setPlainText(QString::fromUtf8(kQuestion));
    composer.submit();
}

/// Brings the window into the state; how long to wait before the picture, in milliseconds.
int play(const QString& state, MainWindow& window, LibraryService& library) {
    if (state == QLatin1String("adding")) {
        QVector<DocumentItem> documents = library.documents();
        DocumentItem arriving = documents.first();
        arriving.id = 99;
        arriving.name = QStringLiteral("Trial bundle");
        arriving.path = QStringLiteral("/tmp/Trial bundle.pdf");
        arriving.outcome.clear();
        arriving.arriving = true;
        emit library.documentsChanged(documents + QVector<DocumentItem>{arriving});
        emit library.addProgressed({arriving.path, QStringLiteral("Trial bundle.pdf"), 2, 12, 846, 3011});
        emit library.fileAdded(
            {QStringLiteral("/tmp/Board minutes 2021 to 2023.pdf"), QStringLiteral("locked"), {}, 0, 0});
        emit library.fileAdded({QStringLiteral("/tmp/Side letter, signed.pdf"), QStringLiteral("locked"),
                                QStringLiteral("The password is not right. Try another."), 0, 0});
        emit library.fileAdded({QStringLiteral("/tmp/Rates 2019.wpd"), QStringLiteral("unsupported"),
                                QStringLiteral("WordPerfect files cannot be read yet. Save it as PDF and add that."), 0,
                                0});
        emit library.fileAdded({QStringLiteral("/tmp/CSA executed FINAL (2).pdf"), QStringLiteral("duplicate"),
                                QStringLiteral("The same as “Cold storage services agreement”."), 1, 0});
        emit library.fileAdded({QStringLiteral("/tmp/Loss adjuster, draft 3.pdf"), QStringLiteral("partial"),
                                QStringLiteral("211 of 227 pages are in the library; 16 could not be read."), 9, 211});
        emit library.fileAdded({QStringLiteral("/tmp/Expert report.pdf"), QStringLiteral("ready"), {}, 10, 84});
        emit library.addFinished();
        emit library.addProgressed({arriving.path, QStringLiteral("Trial bundle.pdf"), 2, 12, 846, 3011});
        window.openDocument(1);
        return 600;
    }
    if (state == QLatin1String("about")) {
        for (QAction* action : window.findChildren<QAction*>())
            if (action->text() == QLatin1String("&About Lectern")) action->trigger();
        return 600;
    }
    if (state == QLatin1String("removal")) {
        emit window.libraryPane().removeRequested({1});
        return 600;
    }
    if (state == QLatin1String("reader")) {
        window.openDocument(1);
        return 600;
    }
    if (state == QLatin1String("error")) {
        window.openDocument(1);
        ask(window);
        return 600;
    }
    if (state == QLatin1String("answer") || state == QLatin1String("citation") || state == QLatin1String("streaming")) {
        window.openDocument(2);
        window.openDocument(1);
        ask(window);
        if (state == QLatin1String("streaming")) return 1700;
        if (state == QLatin1String("citation"))
            QTimer::singleShot(1500, &window, [&window] { window.talkPane().openCitation(0, 1); });
        return 2600;
    }
    return 400;
}

} // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QCommandLineParser options;
    options.addHelpOption();
    options.addOptions(
        {{"resources", "Folder with theme and icons", "FOLDER", LECTERN_SOURCE_DIR "/resources"},
         {"screenshot", "Save a picture and end", "FILE"},
         {"size", "Size of the window", "WxH", "1280x800"},
         {"theme", "system, light or dark", "THEME", "light"},
         {"contrast", "High contrast"},
         {"font", "Stands in for the system's font", "FAMILY", "Inter"},
         {"points", "Size of that font", "POINTS", "10"},
         {"state", "empty, library, adding, about, removal, reader, streaming, answer, error or citation", "STATE",
          "library"}});
    options.process(app);
    QFont font(options.value("font"));
    font.setPointSizeF(options.value("points").toDouble());
    QApplication::setApplicationVersion("0.1.0");
    QApplication::setFont(font);

    Theme theme(options.value("resources"));
    if (!theme.problem().isEmpty()) std::fprintf(stderr, "%s\n", qPrintable(theme.problem()));
    const QString wanted = options.value("theme");
    theme.choose(wanted == "dark"    ? ThemeChoice::Dark
                 : wanted == "light" ? ThemeChoice::Light
                                     : ThemeChoice::System,
                 options.isSet("contrast"));
    Stage stage(options.value("state"));
    LibraryService library(stage.session);
    PageService pages(stage.session);
    ModelService model(stage.engine);
    AskService asking(stage.session, stage.engine);
    MainWindow window(theme, library, pages, asking, model);
    const QStringList size = options.value("size").split('x');
    window.resize(size.value(0).toInt(), size.value(1).toInt());
    window.show();
    const int wait = play(options.value("state"), window, library);
    if (options.isSet("screenshot"))
        QTimer::singleShot(wait, &window, [&] {
            const bool saved = window.grab().save(options.value("screenshot"));
            if (!saved) std::fprintf(stderr, "%s cannot be written.\n", qPrintable(options.value("screenshot")));
            app.exit(saved ? 0 : 1);
        });
    return app.exec();
}

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The window. Builds every object, in order; nothing in the program is found through a singleton.
#include <cstdio>

#include <QtCore/QCommandLineParser>
#include <QtCore/QSettings>
#include <QtCore/QUrl>
#include <QtGui/QDesktopServices>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMessageBox>

#include "app/engine_client.h"
#include "app/library_session.h"
#include "app/paths.h"
#include "app/services/ask_service.h"
#include "app/services/library_service.h"
#include "app/services/model_service.h"
#include "app/services/page_service.h"
#include "engine/base/log.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"

int main(int argc, char** argv)
{
    using namespace lectern;
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("lectern"));
    QApplication::setApplicationName(QStringLiteral("lectern"));
    QApplication::setApplicationDisplayName(QStringLiteral("Lectern"));
    QApplication::setApplicationVersion(QStringLiteral(LECTERN_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "Reads long documents with you."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption libraryOption(QStringLiteral("library"), QApplication::translate("main", "The library's folder."), QStringLiteral("folder"));
    const QCommandLineOption modelOption(QStringLiteral("model"), QApplication::translate("main", "The model: a path or a name."), QStringLiteral("model"), QStringLiteral("starter"));
    parser.addOption(libraryOption);
    parser.addOption(modelOption);
    parser.process(application);

    if (auto logs = init_logs(log_folder(), "info"); !logs) log("app").warning(logs.error().message);

    LibrarySession::Options libraryOptions;
    libraryOptions.folder = parser.isSet(libraryOption) ? std::filesystem::path(parser.value(libraryOption).toStdString()) : default_library();
    libraryOptions.encoder = encoder_file();
    const auto session = LibrarySession::open(libraryOptions);
    if (!session) {
        std::fprintf(stderr, "lectern: %s\n", session.error().message.c_str());
        QMessageBox::critical(nullptr, QApplication::translate("main", "Lectern cannot open the library"), QString::fromStdString(session.error().message));
        return 1;
    }
    EngineOptions engineOptions;
    engineOptions.model = parser.value(modelOption).toStdString();
    engineOptions.model_folders = model_folders();
    engineOptions.resources = resources_folder();
    EngineClient engine(engineOptions);

    LibraryService libraryService(**session);
    PageService pageService(**session);
    AskService askService(**session, engine);
    ModelService modelService(engine);
    Theme theme(QString::fromStdString(resources_folder().string()));
    if (!theme.problem().isEmpty()) log("app").warning(theme.problem().toStdString());
    QApplication::setWindowIcon(theme.applicationIcon());
    MainWindow window(theme, libraryService, pageService, askService, modelService);
    QSettings settings;
    window.restoreLook(settings);
    QObject::connect(&window, &MainWindow::closing, &window, [&] { window.saveLook(settings); });
    QObject::connect(&window, &MainWindow::logFolderRequested, &window, [] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(log_folder().string())));
    });
    window.show();
    modelService.load(parser.value(modelOption));
    libraryService.resumeAdding();
    const int status = QApplication::exec();
    flush_logs();
    return status;
}

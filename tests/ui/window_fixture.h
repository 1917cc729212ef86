// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// A window on demo services, for tests.
#pragma once

#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QPushButton>

#include "tests/ui/demo_services.h"
#include "ui/main_window.h"
#include "ui/talk/composer.h"
#include "ui/talk/composer_edit.h"
#include "ui/talk/talk_pane.h"
#include "ui/theme/theme.h"

namespace lectern {

struct WindowFixture {
    LibrarySession session;
    EngineClient engine;
    Theme theme{QStringLiteral(LECTERN_SOURCE_DIR "/resources")};
    LibraryService library;
    PageService pages;
    ModelService model;
    AskService asking;
    MainWindow window;

    /// `prepare` sets the session and the engine before the services see them.
    template <class Prepare>
    explicit WindowFixture(Prepare prepare)
        : library((prepare(session, engine), session)), pages(session), model(engine), asking(session, engine),
          window(theme, library, pages, asking, model) {
        window.resize(1280, 800);
        window.show();
        QCoreApplication::processEvents();
    }

    void ask(const QString& question) {
        window.talkPane().composer().field().setPlainText(question);
        QTest::keyClick(&window.talkPane().composer().field(), Qt::Key_Return);
    }
    const TalkTurn& turn() const { return window.talkPane().conversation().turns().last(); }
};

/// The demo library and model.
inline void furnished(LibrarySession& session, EngineClient& engine) {
    session.documents = demoDocuments();
    engine.model = demoModel();
    engine.pieceMs = 1;
}
/// The same, but the test speaks for the model.
inline void silent(LibrarySession& session, EngineClient& engine) {
    furnished(session, engine);
    engine.plays = false;
}
inline void bare(LibrarySession&, EngineClient&) {}

/// The button with these words, or nullptr.
inline QPushButton* buttonNamed(QWidget& in, const QString& words) {
    for (QPushButton* button : in.findChildren<QPushButton*>())
        if (button->text() == words) return button;
    return nullptr;
}

} // namespace lectern

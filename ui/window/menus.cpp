// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/window/menus.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QAction>
#include <QtGui/QActionGroup>
#include <QtWidgets/QFrame>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QMenuBar>

#include "ui/library/library_pane.h"
#include "ui/main_window.h"
#include "ui/reader/reader_pane.h"
#include "ui/talk/talk_pane.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"
#include "ui/window/about_dialog.h"

namespace lectern {

namespace {

QString words(const char* text) { return QCoreApplication::translate("Menus", text); }

template <class Context, class Slot>
QAction* add(QMenu* menu, const char* text, const QKeySequence& keys, Context* context, Slot slot) {
    QAction* action = menu->addAction(words(text));
    action->setShortcut(keys);
    QObject::connect(action, &QAction::triggered, context, slot);
    return action;
}

void makeFile(QMenu* menu, const MenuTargets& to) {
    MainWindow* window = &to.window;
    add(menu, QT_TRANSLATE_NOOP("Menus", "Add &files…"), QKeySequence::Open, window, &MainWindow::addFiles);
    add(menu, QT_TRANSLATE_NOOP("Menus", "Add f&older…"), Qt::CTRL | Qt::SHIFT | Qt::Key_O, window,
        &MainWindow::addFolder);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "Choose a &model file…"), {}, window, &MainWindow::chooseModel);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Close document"), QKeySequence::Close, &to.reader,
        &ReaderPane::closeCurrent);
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Quit"), QKeySequence::Quit, window, [window] { window->close(); });
}

void makeEdit(QMenu* menu, const MenuTargets& to) {
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Copy"), {}, &to.window, &MainWindow::copy);
    add(menu, QT_TRANSLATE_NOOP("Menus", "Copy last &answer with sources"), Qt::CTRL | Qt::SHIFT | Qt::Key_C, &to.talk,
        &TalkPane::copyLastAnswer);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Find in library"), Qt::CTRL | Qt::Key_K, &to.library,
        &LibraryPane::focusFilter);
}

void makeThemes(QMenu* menu, const MenuTargets& to) {
    Theme* theme = &to.theme;
    auto* group = new QActionGroup(menu);
    const auto choice = [&](const char* text, ThemeChoice value) {
        QAction* action = add(menu, text, {}, theme, [theme, value] { theme->choose(value, theme->highContrast()); });
        action->setCheckable(true);
        group->addAction(action);
        const auto show = [action, theme, value] { action->setChecked(theme->choice() == value); };
        QObject::connect(theme, &Theme::changed, action, show);
        show();
    };
    choice(QT_TRANSLATE_NOOP("Menus", "As the &system"), ThemeChoice::System);
    choice(QT_TRANSLATE_NOOP("Menus", "&Light"), ThemeChoice::Light);
    choice(QT_TRANSLATE_NOOP("Menus", "&Dark"), ThemeChoice::Dark);
    menu->addSeparator();
    QAction* contrast = menu->addAction(words(QT_TRANSLATE_NOOP("Menus", "&High contrast")));
    contrast->setCheckable(true);
    QObject::connect(contrast, &QAction::triggered, theme, [theme](bool on) { theme->choose(theme->choice(), on); });
    const auto show = [contrast, theme] { contrast->setChecked(theme->highContrast()); };
    QObject::connect(theme, &Theme::changed, contrast, show);
    show();
}

void makeView(QMenu* menu, const MenuTargets& to) {
    MainWindow* window = &to.window;
    makeThemes(menu->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&Theme"))), to);
    menu->addSeparator();
    const auto pane = [&](const char* text, const QKeySequence& keys, int number) {
        QAction* action = menu->addAction(words(text));
        action->setShortcut(keys);
        action->setCheckable(true);
        action->setChecked(true);
        QObject::connect(action, &QAction::toggled, window,
                         [window, number](bool on) { window->setPaneWanted(number, on); });
    };
    pane(QT_TRANSLATE_NOOP("Menus", "Li&brary"), Qt::CTRL | Qt::Key_1, 0);
    pane(QT_TRANSLATE_NOOP("Menus", "Tal&k"), Qt::CTRL | Qt::Key_3, 2);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "Zoom &in"), QKeySequence::ZoomIn, &to.reader, &ReaderPane::zoomIn)
        ->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    add(menu, QT_TRANSLATE_NOOP("Menus", "Zoom &out"), Qt::CTRL | Qt::Key_Minus, &to.reader, &ReaderPane::zoomOut);
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Fit width"), Qt::CTRL | Qt::Key_0, &to.reader, &ReaderPane::fitWidth);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Next pane"), Qt::Key_F6, window, [window] { window->focusNextPane(1); });
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Previous pane"), Qt::SHIFT | Qt::Key_F6, window,
        [window] { window->focusNextPane(-1); });
}

void makeGo(QMenu* menu, const MenuTargets& to) {
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Back"), Qt::ALT | Qt::Key_Left, &to.reader, &ReaderPane::goBack);
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Forward"), Qt::ALT | Qt::Key_Right, &to.reader, &ReaderPane::goForward);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Page…"), Qt::CTRL | Qt::Key_G, &to.reader, &ReaderPane::focusPageNumber);
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Next page"), Qt::ALT | Qt::Key_Down, &to.reader, &ReaderPane::goToNextPage);
    add(menu, QT_TRANSLATE_NOOP("Menus", "P&revious page"), Qt::ALT | Qt::Key_Up, &to.reader,
        &ReaderPane::goToPreviousPage);
}

void makeAsk(QMenu* menu, const MenuTargets& to) {
    add(menu, QT_TRANSLATE_NOOP("Menus", "&Ask"), Qt::CTRL | Qt::Key_L, &to.talk, &TalkPane::focusComposer);
    QAction* stop =
        add(menu, QT_TRANSLATE_NOOP("Menus", "&Stop"), Qt::CTRL | Qt::Key_Period, &to.talk, &TalkPane::stop);
    stop->setShortcuts({QKeySequence(Qt::Key_Escape), QKeySequence(Qt::CTRL | Qt::Key_Period)});
    stop->setEnabled(false);
    QObject::connect(&to.talk, &TalkPane::answeringChanged, stop, &QAction::setEnabled);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "&New conversation"), QKeySequence::New, &to.talk, &TalkPane::newConversation);
}

void makeHelp(QMenu* menu, const MenuTargets& to) {
    MainWindow* window = &to.window;
    Theme* theme = &to.theme;
    add(menu, QT_TRANSLATE_NOOP("Menus", "Open &log folder"), {}, window, &MainWindow::logFolderRequested);
    menu->addSeparator();
    add(menu, QT_TRANSLATE_NOOP("Menus", "&About Lectern"), {}, window, [window, theme] {
        auto* dialog = new AboutDialog(*theme, window);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
}

} // namespace

QWidget* makeMenuRow(const MenuTargets& targets) {
    QFrame* row = makeRow(36, {0, 0, 4, 0}, "line", &targets.window);
    auto* bar = new QMenuBar(row);
    bar->setNativeMenuBar(false);
    makeFile(bar->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&File"))), targets);
    makeEdit(bar->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&Edit"))), targets);
    makeView(bar->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&View"))), targets);
    makeGo(bar->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&Go"))), targets);
    makeAsk(bar->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&Ask"))), targets);
    makeHelp(bar->addMenu(words(QT_TRANSLATE_NOOP("Menus", "&Help"))), targets);
    row->setFixedHeight(qMax(row->height(), bar->sizeHint().height()));
    rowLayout(row)->addWidget(bar, 1, Qt::AlignVCenter);
    return row;
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// The row of menus with all that the window can do and its keys.
#pragma once

class QWidget;

namespace lectern {

class LibraryPane;
class MainWindow;
class ReaderPane;
class TalkPane;
class Theme;

struct MenuTargets {
    MainWindow& window;
    Theme& theme;
    LibraryPane& library;
    ReaderPane& reader;
    TalkPane& talk;
};

QWidget* makeMenuRow(const MenuTargets& targets);

} // namespace lectern

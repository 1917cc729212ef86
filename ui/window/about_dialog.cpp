// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/window/about_dialog.h"

#include <array>

#include <QtCore/QCoreApplication>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {

struct Part {
    const char* name;
    const char* licence;
};

constexpr std::array<Part, 9> kParts = {{
    {"Qt 6", "LGPL-3.0"},
    {"Poppler", "GPL-2.0 or GPL-3.0"},
    {"SQLite", "public domain"},
    {"FAISS", "MIT"},
    {"fmt, spdlog", "MIT"},
    {"JSON for Modern C++", "MIT"},
    {"PCRE2", "BSD-3-Clause"},
    {"utf8proc", "MIT"},
    {"Zstandard", "BSD-3-Clause"},
}};

} // namespace

AboutDialog::AboutDialog(const Theme& theme, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("About Lectern"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(8);
    auto* head = new QHBoxLayout;
    head->setSpacing(16);
    auto* sign = new QLabel(this);
    sign->setPixmap(theme.applicationIcon().pixmap(QSize(48, 48), devicePixelRatioF()));
    auto* title = new QVBoxLayout;
    title->setSpacing(0);
    title->addWidget(makeLabel(theme, tr("Lectern"), TextRole::Display, Token::Text, this));
    if (!QCoreApplication::applicationVersion().isEmpty())
        title->addWidget(makeLabel(theme, tr("Version %1").arg(QCoreApplication::applicationVersion()), TextRole::Small,
                                   Token::Muted, this));
    head->addWidget(sign);
    head->addLayout(title, 1);
    layout->addLayout(head);
    auto* text =
        makeLabel(theme,
                  tr("Reads very long documents with models that run on this computer. Licensed under the GNU General "
                     "Public License, version 3 or later, with an additional permission for CUDA; the engine under "
                     "the Apache License 2.0."),
                  TextRole::Body, Token::Text, this);
    text->setWordWrap(true);
    text->setMinimumWidth(420);
    layout->addSpacing(4);
    layout->addWidget(text);
    layout->addSpacing(8);
    layout->addWidget(makeLabel(theme, tr("It stands on"), TextRole::Strong, Token::Text, this));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(4);
    for (int i = 0; i < int(kParts.size()); ++i) {
        grid->addWidget(makeLabel(theme, QLatin1String(kParts[size_t(i)].name), TextRole::Small, Token::Text, this), i,
                        0);
        grid->addWidget(makeLabel(theme, QLatin1String(kParts[size_t(i)].licence), TextRole::Small, Token::Muted, this),
                        i, 1);
    }
    grid->setColumnStretch(1, 1);
    layout->addLayout(grid);
    auto* foot = new QHBoxLayout;
    foot->addStretch();
    auto* close = new QPushButton(tr("Close"), this);
    makeNextStep(close);
    foot->addWidget(close);
    layout->addSpacing(8);
    layout->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace lectern

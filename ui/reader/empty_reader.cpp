// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/empty_reader.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {

constexpr int kColumn = 430;

QWidget* makeKind(const Theme& theme, const QString& icon, const QString& what, const QString& how, QWidget* parent) {
    QFrame* row = makeRow(32, {0, 0, 0, 0}, "line", parent);
    auto* sign = new QLabel(row);
    const auto paint = [sign, &theme, icon] {
        sign->setPixmap(theme.pixmap(icon, 16, theme.color(Token::Text), sign->devicePixelRatioF()));
    };
    paint();
    QObject::connect(&theme, &Theme::changed, sign, paint);
    rowLayout(row)->addWidget(sign);
    rowLayout(row)->addSpacing(12);
    rowLayout(row)->addWidget(makeLabel(theme, what, TextRole::Small, Token::Text, row));
    rowLayout(row)->addStretch();
    rowLayout(row)->addWidget(makeLabel(theme, how, TextRole::Small, Token::Muted, row));
    return row;
}

} // namespace

EmptyReader::EmptyReader(const Theme& theme, QWidget* parent) : QWidget(parent) {
    auto* column = new QWidget(this);
    column->setMaximumWidth(kColumn);
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    m_title = makeLabel(theme, {}, TextRole::Display, Token::Text, column);
    m_text = makeLabel(theme, {}, TextRole::Answer, Token::Text, column);
    m_text->setWordWrap(true);
    m_files = new QPushButton(tr("Add files…"), column);
    makeNextStep(m_files);
    m_files->setProperty("large", true);
    auto* folder = new QPushButton(tr("Add folder…"), column);
    folder->setProperty("large", true);
    auto* actions = new QHBoxLayout;
    actions->setContentsMargins(0, 8, 0, 0);
    actions->setSpacing(8);
    actions->addWidget(m_files);
    actions->addWidget(folder);
    actions->addStretch();
    m_kinds = new QWidget(column);
    auto* kinds = new QVBoxLayout(m_kinds);
    kinds->setContentsMargins(0, 24, 0, 0);
    kinds->setSpacing(0);
    kinds->addWidget(
        makeKind(theme, QStringLiteral("file-pdf"), tr("PDF of any length"), tr("cited by page"), m_kinds));
    kinds->addWidget(
        makeKind(theme, QStringLiteral("file-office"), tr("Text and Markdown"), tr("cited by page and line"), m_kinds));
    layout->addStretch(2);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addLayout(actions);
    layout->addWidget(m_kinds);
    layout->addStretch(3);

    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(24, 24, 24, 24);
    outer->addStretch(1);
    outer->addWidget(column, 4);
    outer->addStretch(1);
    connect(m_files, &QPushButton::clicked, this, &EmptyReader::addFilesRequested);
    connect(folder, &QPushButton::clicked, this, &EmptyReader::addFolderRequested);
    setLibrary(0);
}

void EmptyReader::focusFirst() { m_files->setFocus(Qt::ShortcutFocusReason); }

void EmptyReader::setLibrary(int documents) {
    m_title->setText(documents == 0 ? tr("Nothing here yet") : tr("No document is open"));
    setParagraph(
        *m_text,
        documents == 0
            ? tr("Drop files or a folder anywhere in this window. What is locked, damaged or already here is "
                 "said afterwards; nothing is changed in your files.")
            : tr("Choose one in the library, or ask a question: its citations open the pages they come from."));
    m_kinds->setVisible(documents == 0);
}

} // namespace lectern

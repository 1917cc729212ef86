// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/add_tray.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/theme/elided_label.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

AddTray::AddTray(const Theme& theme, QWidget* parent) : QFrame(parent) {
    setProperty("row", "above");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 10);
    layout->setSpacing(2);

    auto* head = new QHBoxLayout;
    head->setSpacing(6);
    m_count = makeLabel(theme, {}, TextRole::Strong, Token::Text, this);
    m_cancel = makeToolButton(theme, QStringLiteral("close"), tr("Cancel adding"), this);
    head->addWidget(m_count, 1);
    head->addWidget(m_cancel);
    layout->addLayout(head);

    auto* detail = new QHBoxLayout;
    detail->setContentsMargins(0, 0, 6, 4);
    detail->setSpacing(8);
    m_name = new ElidedLabel(this);
    m_name->setFont(theme.font(TextRole::Small));
    m_pages = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    detail->addWidget(m_name, 1);
    detail->addWidget(m_pages);
    layout->addLayout(detail);

    m_bar = new QProgressBar(this);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Pages of this file"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(0, 0, 6, 0);
    bar->addWidget(m_bar);
    layout->addLayout(bar);
    connect(m_cancel, &QToolButton::clicked, this, &AddTray::cancelRequested);
    hide();
}

void AddTray::show(const AddProgress& progress) {
    const int number = qMin(progress.filesDone + 1, qMax(1, progress.filesTotal));
    m_count->setText(progress.filesTotal > 1 ? tr("Adding %1 of %2").arg(number).arg(progress.filesTotal)
                                             : tr("Adding"));
    m_name->setFullText(progress.name);
    m_pages->setText(progress.pagesTotal > 0 ? tr("page %L1 of %L2").arg(progress.pagesDone).arg(progress.pagesTotal)
                                             : tr("%Ln pages", nullptr, progress.pagesDone));
    m_pages->setVisible(progress.pagesTotal > 0 || progress.pagesDone > 0);
    m_bar->setRange(0, qMax(1, progress.pagesTotal));
    m_bar->setValue(progress.pagesDone);
    setVisible(true);
}

void AddTray::finish() { hide(); }

} // namespace lectern

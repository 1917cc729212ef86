// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/window/pane_tabs.h"

#include <QtCore/QSignalBlocker>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QTabBar>

#include "ui/theme/quiet_tabs.h"
#include "ui/theme/theme.h"

namespace lectern {

PaneTabs::PaneTabs(const Theme& theme, QWidget* parent) : QFrame(parent) {
    setProperty("row", "tabs");
    setFixedHeight(qMax(38, fontMetrics().height() + 16));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 0);
    m_tabs = new QuietTabs(this);
    m_tabs->setAccessibleName(tr("Panes"));
    m_tabs->addTab(theme.icon(QStringLiteral("library"), Token::Text), tr("Library"));
    m_tabs->addTab(theme.icon(QStringLiteral("reader"), Token::Text), tr("Reader"));
    m_tabs->addTab(theme.icon(QStringLiteral("ask"), Token::Text), tr("Ask"));
    layout->addWidget(m_tabs, 1, Qt::AlignBottom);
    connect(m_tabs, &QTabBar::currentChanged, this, &PaneTabs::chosen);
    hide();
}

void PaneTabs::setCurrent(int pane) {
    const QSignalBlocker quiet(m_tabs);
    m_tabs->setCurrentIndex(pane);
}

} // namespace lectern

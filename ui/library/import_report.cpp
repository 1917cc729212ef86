// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/import_report.h"

#include <algorithm>

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/library/report_row.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {
constexpr int kMostHeight = 300;
} // namespace

ImportReport::ImportReport(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme) {
    setObjectName(QStringLiteral("report"));
    setAccessibleName(tr("Files that need attention"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = makeRow(40, {16, 0, 6, 0}, "line", this);
    m_title = makeLabel(theme, {}, TextRole::Strong, Token::Text, head);
    m_added = makeLabel(theme, {}, TextRole::Small, Token::Muted, head);
    auto* close = makeToolButton(theme, QStringLiteral("close"), tr("Close"), head);
    rowLayout(head)->setSpacing(12);
    rowLayout(head)->addWidget(m_title);
    rowLayout(head)->addWidget(m_added);
    rowLayout(head)->addStretch();
    rowLayout(head)->addWidget(close);
    layout->addWidget(head);

    auto* area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    area->setMaximumHeight(kMostHeight);
    auto* list = new QWidget;
    list->setObjectName(QStringLiteral("reportList"));
    m_list = new QVBoxLayout(list);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(0);
    m_more = makeLabel(theme, {}, TextRole::Small, Token::Muted, list);
    m_more->setContentsMargins(42, 8, 12, 8);
    m_list->addWidget(m_more);
    m_list->addStretch();
    area->setWidget(list);
    layout->addWidget(area);
    connect(close, &QToolButton::clicked, this, &ImportReport::clear);
    hide();
}

void ImportReport::add(const AddedFile& file) {
    const auto same =
        std::find_if(m_rows.begin(), m_rows.end(), [&](ReportRow* row) { return row->path() == file.path; });
    const bool quiet = file.outcome == QLatin1String("ready") || file.outcome == QLatin1String("unchanged") ||
                       file.outcome == QLatin1String("cancelled");
    if (file.outcome == QLatin1String("ready") || file.outcome == QLatin1String("partial")) {
        ++m_filesAdded;
        m_pagesAdded += file.pages;
    }
    if (same != m_rows.end() && !quiet) {
        (*same)->setFile(file);
    } else if (same != m_rows.end()) {
        (*same)->deleteLater();
        m_rows.erase(same);
    } else if (!quiet && m_rows.size() >= kMostRows) {
        ++m_left;
    } else if (!quiet) {
        auto* row = new ReportRow(m_theme, file, this);
        connect(row, &ReportRow::passwordGiven, this, &ImportReport::passwordGiven);
        // Files that wait for somebody stand first.
        const bool waiting = file.outcome == QLatin1String("locked");
        m_list->insertWidget(waiting ? 0 : int(m_rows.size()), row);
        m_rows.append(row);
    }
    count();
}

void ImportReport::clear() {
    qDeleteAll(m_rows);
    m_rows.clear();
    m_left = m_filesAdded = m_pagesAdded = 0;
    count();
}

void ImportReport::count() {
    m_title->setText(tr("%Ln files need attention", nullptr, int(m_rows.size()) + m_left));
    m_more->setText(tr("and %Ln files more", nullptr, m_left));
    m_more->setVisible(m_left > 0);
    m_added->setText(
        m_filesAdded > 0
            ? tr("%1, %2 added").arg(tr("%Ln files", nullptr, m_filesAdded), tr("%Ln pages", nullptr, m_pagesAdded))
            : QString());
    if (m_rows.isEmpty()) {
        hide();
        emit emptied();
    }
}

} // namespace lectern

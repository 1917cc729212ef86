// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/library_pane.h"

#include <QtCore/QSortFilterProxyModel>
#include <QtWidgets/QFrame>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QToolButton>
#include <QtWidgets/QVBoxLayout>

#include "app/services/library_service.h"
#include "ui/library/add_tray.h"
#include "ui/library/library_delegate.h"
#include "ui/library/library_model.h"
#include "ui/library/library_view.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

LibraryPane::LibraryPane(const Theme& theme, LibraryService& library, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
    setObjectName(QStringLiteral("library"));
    setAttribute(Qt::WA_StyledBackground);
    setMinimumWidth(200);
    m_model = new LibraryModel(this);
    m_sorted = new QSortFilterProxyModel(this);
    m_sorted->setSourceModel(m_model);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_sorted->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_sorted->setSortLocaleAware(true);
    m_sorted->sort(0);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());

    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(tr("Filter by name"));
    m_filter->setAccessibleName(tr("Filter the library by name"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAcceptDrops(false); // files dropped here go to the window
    auto* field = new QHBoxLayout;
    field->setContentsMargins(8, 0, 8, 8);
    field->addWidget(m_filter);
    layout->addLayout(field);

    m_view = new LibraryView(this);
    m_view->setModel(m_sorted);
    m_view->setItemDelegate(new LibraryDelegate(theme, m_view));
    layout->addWidget(m_view, 1);
    m_empty = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(12, 2, 12, 0);
    m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    layout->addWidget(m_empty, 1);
    m_tray = new AddTray(theme, this);
    layout->addWidget(m_tray);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_sorted->setFilterFixedString(text);
        updateEmpty();
    });
    connect(m_view, &LibraryView::openRequested, this, &LibraryPane::openRequested);
    connect(m_view, &LibraryView::removeRequested, this, &LibraryPane::removeRequested);
    connect(m_view, &LibraryView::folderRequested, this, &LibraryPane::folderRequested);
    connect(m_view, &LibraryView::selectionChangedTo, this, &LibraryPane::selectionChangedTo);
    connect(&theme, &Theme::changed, m_view->viewport(), qOverload<>(&QWidget::update));

    connect(&library, &LibraryService::documentsChanged, this, [this](const QVector<DocumentItem>& documents) {
        m_model->setDocuments(documents);
        updateEmpty();
        emit documentsChanged();
    });
    connect(&library, &LibraryService::addProgressed, m_model, &LibraryModel::setProgress);
    connect(&library, &LibraryService::addProgressed, m_tray, &AddTray::show);
    connect(&library, &LibraryService::addFinished, m_model, &LibraryModel::clearProgress);
    connect(&library, &LibraryService::addFinished, m_tray, &AddTray::finish);
    connect(m_tray, &AddTray::cancelRequested, &library, &LibraryService::cancelAdding);
    m_model->setDocuments(library.documents());
    updateEmpty();
}

QWidget* LibraryPane::makeHead() {
    QFrame* head = makeRow(36, {12, 0, 4, 0}, "", this);
    rowLayout(head)->addWidget(makeLabel(m_theme, tr("Library"), TextRole::Strong, Token::Text, head));
    rowLayout(head)->addStretch();
    auto* add = makeToolButton(m_theme, QStringLiteral("add"), tr("Add files or a folder"), head);
    auto* menu = new QMenu(add);
    menu->addAction(tr("Add files…"), this, &LibraryPane::addFilesRequested);
    menu->addAction(tr("Add folder…"), this, &LibraryPane::addFolderRequested);
    add->setMenu(menu);
    add->setPopupMode(QToolButton::InstantPopup);
    rowLayout(head)->addWidget(add);
    return head;
}

QVector<qint64> LibraryPane::selectedDocuments() const { return m_view->selectedDocuments(); }

void LibraryPane::select(qint64 document) {
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const QModelIndex index = m_sorted->index(row, 0);
        if (index.data(LibraryModel::IdRole).toLongLong() != document) continue;
        if (m_view->currentIndex() != index || m_view->selectedDocuments().size() != 1) m_view->setCurrentIndex(index);
        return;
    }
}

void LibraryPane::focusFilter() {
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void LibraryPane::focusList() { m_view->setFocus(Qt::ShortcutFocusReason); }

void LibraryPane::updateEmpty() {
    const bool none = m_model->rowCount() == 0;
    const bool hidden = !none && m_sorted->rowCount() == 0;
    m_filter->setVisible(!none);
    m_view->setVisible(!none && !hidden);
    m_empty->setVisible(none || hidden);
    m_empty->setText(none ? tr("Documents appear here when you add them.")
                          : tr("No name contains “%1”.").arg(m_filter->text()));
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/reader/reader_tools.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QToolButton>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

ReaderTools::ReaderTools(const Theme& theme, QWidget* parent) : QFrame(parent) {
    setProperty("row", "line");
    setFixedHeight(qMax(40, fontMetrics().height() + 20));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 0);
    layout->setSpacing(2);
    m_back = makeToolButton(theme, QStringLiteral("back"), tr("Back (Alt+Left)"), this);
    m_forward = makeToolButton(theme, QStringLiteral("forward"), tr("Forward (Alt+Right)"), this);
    m_page = new QLineEdit(this);
    m_page->setFixedWidth(52);
    m_page->setAcceptDrops(false); // files dropped here go to the window
    m_page->setAlignment(Qt::AlignCenter);
    m_page->setAccessibleName(tr("Page"));
    m_page->setToolTip(tr("Go to page (Ctrl+G)"));
    m_of = makeLabel(theme, {}, TextRole::Body, Token::Muted, this);
    m_zoomOut = makeToolButton(theme, QStringLiteral("zoom-out"), tr("Zoom out (Ctrl+−)"), this);
    m_zoom = makeLabel(theme, {}, TextRole::Body, Token::Text, this);
    m_zoom->setAlignment(Qt::AlignCenter);
    m_zoom->setMinimumWidth(m_zoom->fontMetrics().horizontalAdvance(QStringLiteral("500 %")) + 6);
    m_zoomIn = makeToolButton(theme, QStringLiteral("zoom-in"), tr("Zoom in (Ctrl++)"), this);
    m_fit = makeToolButton(theme, QStringLiteral("fit"), tr("Fit width (Ctrl+0)"), this);
    m_fit->setCheckable(true);
    layout->addWidget(m_back);
    layout->addWidget(m_forward);
    layout->addSpacing(8);
    layout->addWidget(m_page);
    layout->addSpacing(6);
    layout->addWidget(m_of);
    layout->addSpacing(12);
    layout->addWidget(m_zoomOut);
    layout->addWidget(m_zoom);
    layout->addWidget(m_zoomIn);
    layout->addWidget(m_fit);
    layout->addStretch();
    connect(m_back, &QToolButton::clicked, this, &ReaderTools::backRequested);
    connect(m_forward, &QToolButton::clicked, this, &ReaderTools::forwardRequested);
    connect(m_zoomIn, &QToolButton::clicked, this, &ReaderTools::zoomInRequested);
    connect(m_zoomOut, &QToolButton::clicked, this, &ReaderTools::zoomOutRequested);
    connect(m_fit, &QToolButton::clicked, this, &ReaderTools::fitWidthRequested);
    connect(m_page, &QLineEdit::returnPressed, this, [this] { emit pageTyped(m_page->text()); });
    showHistory(false, false);
}

void ReaderTools::showPage(int page, const QString& label, int pages) {
    if (!m_page->hasFocus() || !m_page->isModified()) m_page->setText(pages > 0 ? label : QString());
    const bool plain = label == QString::number(page);
    m_of->setText(pages == 0 ? QString() : plain ? tr("of %L1").arg(pages) : tr("%L1 of %L2").arg(page).arg(pages));
}

void ReaderTools::showZoom(int percent, bool fitsWidth) {
    m_zoom->setText(percent > 0 ? tr("%1 %").arg(percent) : QString());
    m_fit->setChecked(fitsWidth);
}

void ReaderTools::showHistory(bool back, bool forward) {
    m_back->setEnabled(back);
    m_forward->setEnabled(forward);
}

void ReaderTools::focusPage() {
    m_page->setFocus(Qt::ShortcutFocusReason);
    m_page->selectAll();
}

} // namespace lectern

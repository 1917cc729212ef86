// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/theme/message_bar.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

MessageBar::MessageBar(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme) {
    setObjectName(QStringLiteral("message"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->setSpacing(8);
    m_sign = new QLabel(this);
    m_sign->setFixedSize(16, 28);
    m_text = makeLabel(theme, {}, TextRole::Body, Token::Text, this);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action = new QPushButton(this);
    auto* close = makeToolButton(theme, QStringLiteral("close"), tr("Close"), this);
    layout->addWidget(m_sign, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action, 0, Qt::AlignTop);
    layout->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, &MessageBar::actionRequested);
    connect(&theme, &Theme::changed, this, &MessageBar::paintSign);
    hide();
}

void MessageBar::showMessage(const QString& icon, const QString& sentence, const QString& action) {
    m_icon = icon;
    paintSign();
    m_text->setText(sentence);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(sentence);
    show();
}

QString MessageBar::message() const { return m_text->text(); }

void MessageBar::paintSign() {
    const Token token = m_icon == QLatin1String("error")     ? Token::Contradicted
                        : m_icon == QLatin1String("warning") ? Token::Partly
                                                             : Token::Accent;
    if (!m_icon.isEmpty()) m_sign->setPixmap(m_theme.pixmap(m_icon, 16, m_theme.color(token), devicePixelRatioF()));
}

} // namespace lectern

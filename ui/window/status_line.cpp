// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/window/status_line.h"

#include <QtCore/QLocale>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

StatusLine::StatusLine(const Theme& theme, QWidget* parent) : QStatusBar(parent) {
    setFixedHeight(qMax(28, fontMetrics().height() + 8));
    setSizeGripEnabled(false);
    const auto sign = [&theme, this](const QString& icon, QLabel* words) {
        auto* pair = new QWidget(this);
        auto* layout = new QHBoxLayout(pair);
        layout->setContentsMargins(12, 0, 12, 0);
        layout->setSpacing(6);
        auto* picture = new QLabel(pair);
        const auto paint = [picture, &theme, icon] {
            picture->setPixmap(theme.pixmap(icon, 16, theme.color(Token::Text), picture->devicePixelRatioF()));
        };
        paint();
        connect(&theme, &Theme::changed, picture, paint);
        layout->addWidget(picture);
        layout->addWidget(words);
        return pair;
    };
    m_model = makeLabel(theme, {}, TextRole::Small, Token::Text, this);
    m_memory = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    m_context = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    m_speed = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    m_library = makeLabel(theme, {}, TextRole::Small, Token::Text, this);
    addWidget(sign(QStringLiteral("models"), m_model));
    for (QLabel* label : {m_memory, m_context, m_speed}) label->setContentsMargins(6, 0, 10, 0);
    addWidget(m_memory);
    addWidget(m_context);
    addWidget(m_speed);
    addPermanentWidget(sign(QStringLiteral("library"), m_library));
    m_speed->hide();
}

void StatusLine::showModel(const ModelItem& model) {
    m_model->setText(model.ready ? model.name : tr("No model"));
    m_model->setToolTip(model.ready ? tr("Runs on: %1").arg(model.backend) : model.message);
    m_memory->setText(
        tr("%1 of memory").arg(QLocale().formattedDataSize(model.weightBytes, 1, QLocale::DataSizeSIFormat)));
    m_memory->setVisible(model.ready && model.weightBytes > 0);
    m_context->setText(tr("context %L1 tokens").arg(model.context));
    m_context->setVisible(model.ready && model.context > 0);
}

void StatusLine::showUsage(const AnswerUsage& usage) {
    m_speed->setVisible(usage.tokensPerSecond > 0);
    m_speed->setText(tr("%L1 tokens/s").arg(usage.tokensPerSecond, 0, 'f', usage.tokensPerSecond < 10 ? 1 : 0));
    m_speed->setToolTip(
        tr("Speed of the last answer; its first word came after %L1 s.").arg(usage.firstTokenMs / 1000.0, 0, 'f', 1));
}

void StatusLine::showLibrary(int documents, int pages) {
    m_library->setText(documents == 0 ? tr("No documents")
                                      : tr("%Ln documents", nullptr, documents) + QStringLiteral(", ") +
                                            tr("%Ln pages", nullptr, pages));
}

} // namespace lectern

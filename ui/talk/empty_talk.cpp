// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/empty_talk.h"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

EmptyTalk::EmptyTalk(const Theme& theme, QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(28, 0, 28, 0);
    layout->setSpacing(6);
    m_title = makeLabel(theme, {}, TextRole::Question, Token::Text, this);
    m_text = makeLabel(theme, {}, TextRole::Body, Token::Text, this);
    m_text->setWordWrap(true);
    m_choose = new QPushButton(tr("Choose a model file…"), this);
    auto* actions = new QHBoxLayout;
    actions->setContentsMargins(0, 8, 0, 0);
    actions->addWidget(m_choose);
    actions->addStretch();
    layout->addStretch(2);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addLayout(actions);
    layout->addStretch(3);
    connect(m_choose, &QPushButton::clicked, this, &EmptyTalk::chooseModelRequested);
}

void EmptyTalk::setState(const ModelItem& model, int documents) {
    m_choose->setVisible(!model.ready);
    if (!model.ready) {
        m_title->setText(tr("No model yet"));
        setParagraph(*m_text, model.message.isEmpty() ? tr("You can add and read documents now. Answers need a model.")
                                                      : model.message);
    } else if (documents == 0) {
        m_title->setText(tr("Ask when documents are here"));
        setParagraph(*m_text, tr("Answers come from your documents only, and each sentence shows where it stands."));
    } else {
        m_title->setText(tr("Ask about your documents"));
        setParagraph(*m_text,
                     tr("Each sentence of an answer is checked against the pages. A number behind it opens the page "
                        "with the words lit."));
    }
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/library/report_row.h"

#include <array>

#include <QtCore/QCoreApplication>
#include <QtCore/QFileInfo>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>

#include "ui/theme/elided_label.h"
#include "ui/theme/pieces.h"
#include "ui/theme/theme.h"

namespace lectern {

QString outcomeSentence(const QString& outcome) {
    struct Sentence {
        const char* outcome;
        const char* text;
    };
    static constexpr std::array<Sentence, 10> kSentences = {{
        {"partial", QT_TRANSLATE_NOOP("ReportRow", "Some pages could not be read; the others are in the library.")},
        {"empty", QT_TRANSLATE_NOOP("ReportRow", "No text was found in it.")},
        {"locked", QT_TRANSLATE_NOOP("ReportRow", "Locked with a password.")},
        {"damaged", QT_TRANSLATE_NOOP("ReportRow", "The file is damaged. Try to get it again from where it came.")},
        {"unsupported", QT_TRANSLATE_NOOP("ReportRow", "This kind of file cannot be read yet.")},
        {"too_large", QT_TRANSLATE_NOOP("ReportRow", "The file is larger than Lectern can read.")},
        {"no_permission", QT_TRANSLATE_NOOP("ReportRow", "You are not allowed to read this file.")},
        {"not_found", QT_TRANSLATE_NOOP("ReportRow", "The file is not there any more.")},
        {"disk_full", QT_TRANSLATE_NOOP("ReportRow", "The disk is full. Make room and add the file again.")},
        {"duplicate", QT_TRANSLATE_NOOP("ReportRow", "The same file is in the library already.")},
    }};
    for (const Sentence& sentence : kSentences)
        if (outcome == QLatin1String(sentence.outcome)) return QCoreApplication::translate("ReportRow", sentence.text);
    return QCoreApplication::translate("ReportRow", "It could not be added.");
}

ReportRow::ReportRow(const Theme& theme, const AddedFile& file, QWidget* parent) : QFrame(parent), m_theme(theme) {
    setProperty("row", "line");
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 6, 12, 6);
    layout->setSpacing(10);
    m_sign = new QLabel(this);
    m_sign->setFixedSize(16, 16);
    m_name = new ElidedLabel(this);
    m_name->setFont(theme.font(TextRole::Body));
    m_sentence = makeLabel(theme, {}, TextRole::Small, Token::Muted, this);
    m_sentence->setWordWrap(true);
    auto* text = new QVBoxLayout;
    text->setSpacing(1);
    text->addWidget(m_name);
    text->addWidget(m_sentence);
    m_password = new QLineEdit(this);
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("Password"));
    m_password->setFixedWidth(150);
    m_password->setAcceptDrops(false); // files dropped here go to the window
    m_unlock = new QPushButton(tr("Unlock"), this);
    m_unlock->setEnabled(false);
    layout->addWidget(m_sign, 0, Qt::AlignVCenter);
    layout->addLayout(text, 1);
    layout->addWidget(m_password);
    layout->addWidget(m_unlock);
    connect(m_password, &QLineEdit::textChanged, this,
            [this](const QString& t) { m_unlock->setEnabled(!t.isEmpty()); });
    connect(m_password, &QLineEdit::returnPressed, this, &ReportRow::give);
    connect(m_unlock, &QPushButton::clicked, this, &ReportRow::give);
    setFile(file);
}

void ReportRow::setFile(const AddedFile& file) {
    m_path = file.path;
    const bool locked = file.outcome == QLatin1String("locked");
    const bool mild = file.outcome == QLatin1String("partial") || file.outcome == QLatin1String("empty");
    const QString icon = locked                                       ? QStringLiteral("lock")
                         : mild                                       ? QStringLiteral("warning")
                         : file.outcome == QLatin1String("duplicate") ? QStringLiteral("copy")
                                                                      : QStringLiteral("error");
    const Token token = locked || file.outcome == QLatin1String("duplicate") ? Token::Muted
                        : mild                                               ? Token::Partly
                                                                             : Token::Contradicted;
    m_sign->setPixmap(m_theme.pixmap(icon, 16, m_theme.color(token), devicePixelRatioF()));
    const QString name = QFileInfo(file.path).fileName();
    m_name->setFullText(name);
    m_sentence->setText(file.message.isEmpty() ? outcomeSentence(file.outcome) : file.message);
    m_password->setVisible(locked);
    m_unlock->setVisible(locked);
    m_password->setEnabled(true);
    m_password->clear();
    m_password->setAccessibleName(tr("Password of %1").arg(name));
    setAccessibleName(name + QStringLiteral(", ") + m_sentence->text());
}

void ReportRow::give() {
    if (m_password->text().isEmpty()) return;
    m_password->setEnabled(false);
    m_unlock->setEnabled(false);
    m_sentence->setText(tr("Trying the password…"));
    emit passwordGiven(m_path, m_password->text());
}

} // namespace lectern

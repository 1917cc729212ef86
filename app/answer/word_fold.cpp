// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

#include "app/answer/word_fold.h"

#include <QtCore/QChar>
#include <QtCore/QString>

namespace lectern {

bool is_word_character(char32_t c) { return QChar::isLetterOrNumber(c) || QChar::isMark(c); }

void append_folded(std::string& to, char32_t c) {
    if (c < 0x80) {
        to += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        return;
    }
    const QString decomposed = QString::fromUcs4(&c, 1).normalized(QString::NormalizationForm_KD).toCaseFolded();
    for (const QChar part : decomposed)
        if (!part.isMark()) to += QString(part).toStdString();
}

} // namespace lectern

// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/translations/translations.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTranslator>

static void initialiseTable() {
    Q_INIT_RESOURCE(ui_translations); // not inside a namespace: Qt's macro declares a global function
}

namespace lectern {

void installEnglishPlurals() {
    static const QString kName = QStringLiteral("english plurals");
    if (qApp->findChild<QTranslator*>(kName)) return;
    initialiseTable();
    auto* table = new QTranslator(qApp);
    table->setObjectName(kName);
    if (table->load(QStringLiteral(":/translations/lectern_en.qm"))) QCoreApplication::installTranslator(table);
}

} // namespace lectern

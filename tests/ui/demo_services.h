// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Services with canned behaviour, so that the window can be shown and tested without library, engine or model. Defines
/// the classes that app/services declares; link it in place of `app`.
#pragma once

#include <functional>

#include <QtCore/QPair>
#include <QtCore/QStringList>
#include <QtGui/QImage>

#include "app/services/ask_service.h"
#include "app/services/library_service.h"
#include "app/services/model_service.h"
#include "app/services/page_service.h"

namespace lectern {

/// What the demo library holds and what was asked of it.
class LibrarySession {
public:
    QVector<DocumentItem> documents; ///< at the start
    QStringList addedPaths;          ///< all that addPaths got
    QVector<QPair<QString, QString>> passwords;
    QVector<qint64> removed;
    int cancels = 0;
    bool failingPages = false; ///< pageFailed instead of images
    int pageRequests = 0;
    int layoutPages = 214; ///< of every document
    /// Changes what the library holds and announces it; set by the LibraryService.
    std::function<void(const QVector<DocumentItem>&)> announce;
};

/// What the demo model is and what was asked of it.
class EngineClient {
public:
    ModelItem model;
    QStringList questions;
    QVector<QVector<qint64>> scopes;
    int stops = 0;
    bool plays = true; ///< answers by itself; else the test emits the signals
    int pieceMs = 10;  ///< between two pieces of an answer
    bool fails = false;
};

QVector<DocumentItem> demoDocuments();
ModelItem demoModel();

/// The demo answer: its final text, citations and checks.
QString demoAnswer();
QVector<CitationItem> demoCitations();
QVector<CheckItem> demoChecks();

/// The image of a demo page and the fractions at which a paragraph of it stands, one box a word.
QImage demoPage(int page, int widthPx);
QVector<PlaceItem> demoPlaces(int page, int paragraph);
constexpr double kDemoWidthPt = 595, kDemoHeightPt = 842;

} // namespace lectern

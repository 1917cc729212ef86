// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

/// Values that services hand to the window: Qt types, translated once from what the rooms below speak. They cross threads
/// in queued signals.
#pragma once

#include <QtCore/QMetaType>
#include <QtCore/QRectF>
#include <QtCore/QSizeF>
#include <QtCore/QString>
#include <QtCore/QVector>

namespace lectern {

/// A document of the library as a row shows it.
struct DocumentItem {
    qint64 id = 0;
    QString name;
    QString path;
    QString kind;    ///< "pdf", "text", "markdown"
    QString outcome; ///< CONTRACTS' closed set: "ready", "partial", "empty", "locked", …; empty while it arrives
    QString message; ///< a sentence where something is wrong
    int pages = 0;   ///< in the library
    int pagesText = 0, pagesOcr = 0, pagesBlank = 0, pagesFailed = 0;
    qint64 bytes = 0;
    bool arriving = false;
    bool operator==(const DocumentItem&) const = default;
};

/// How far adding files is.
struct AddProgress {
    QString path; ///< the file that is being read
    QString name;
    int filesDone = 0, filesTotal = 0;
    int pagesDone = 0, pagesTotal = 0; ///< of this file; total 0: not known yet
};

/// What became of one file that was added.
struct AddedFile {
    QString path;
    QString outcome;
    QString message;
    qint64 document = 0; ///< 0 if it has no entry in the library
    int pages = 0;
};

/// A rectangle on a page: fractions of the page as shown, origin top left.
struct PlaceItem {
    int page = 0; ///< from 1
    QRectF box;
    bool operator==(const PlaceItem&) const = default;
};

struct CitationItem {
    int id = 0;   ///< the number that chips show, within the talk
    int mark = 0; ///< what the model wrote; 0 if the checker found the place by itself
    qint64 document = 0;
    QString documentName;
    int page = 0;
    QString pageLabel;
    QString quote;
    QVector<PlaceItem> places;
    bool operator==(const CitationItem&) const = default;
};

/// A sentence of an answer, checked. Offsets are QChar positions in the answer's text.
struct CheckItem {
    int start = 0, end = 0;
    QString verdict; ///< "verified", "partly", "gist", "contradicted", "unsupported"
    QVector<int> citations; ///< CitationItem::id
};

struct AnswerStart {
    QString model;
    QString mode;      ///< "passages" or "document"
    int restoredTokens = 0;
    QString note;      ///< a sentence worth showing: search by words only, a document that did not fit, …
};

struct AnswerUsage {
    int promptTokens = 0, readTokens = 0, outputTokens = 0;
    double firstTokenMs = 0, tokensPerSecond = 0;
};

struct ModelItem {
    bool ready = false;
    QString name;
    QString message;  ///< why it is not ready: a sentence
    QString backend;  ///< "cpu"
    qint64 parameters = 0;
    qint64 weightBytes = 0;
    int context = 0;  ///< tokens
};

} // namespace lectern

Q_DECLARE_METATYPE(lectern::DocumentItem)
Q_DECLARE_METATYPE(lectern::CitationItem)

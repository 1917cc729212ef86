// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

// What the demo library holds and what the demo model says.
#include "tests/ui/demo_services.h"

namespace lectern {

QVector<DocumentItem> demoDocuments() {
    const auto item = [](qint64 id, const char* name, int pages, const char* outcome, const char* kind = "pdf") {
        DocumentItem document;
        document.id = id;
        document.name = QString::fromUtf8(name);
        document.path = QStringLiteral("/documents/Documents/%1.%2").arg(document.name, QLatin1String(kind));
        document.kind = QLatin1String(kind);
        document.outcome = QLatin1String(outcome);
        document.pages = document.pagesText = pages;
        return document;
    };
    QVector<DocumentItem> documents = {
        item(1, "Cold storage services agreement", 214, "ready"),
        item(2, "Second amendment", 12, "ready"),
        item(3, "Schedule 7, exit charges", 31, "ready"),
        item(4, "Correspondence 2021 to 2023, bundle A with all annexes", 1204, "ready"),
        item(5, "Chamber 3 log 2023", 366, "partial"),
        item(6, "Calibration certificates", 0, "locked"),
        item(7, "Expert report, refrigeration", 84, "ready"),
        item(8, "Notes of the hearing", 9, "ready", "markdown"),
        item(9, "Rates 2019", 0, "damaged"),
        item(10, "Pleadings, volume 1", 540, "ready"),
        item(11, "Pleadings, volume 2", 611, "ready"),
        item(12, "Insurance schedule 2023", 19, "ready"),
    };
    documents[4].pagesFailed = 2;
    documents[5].message = QStringLiteral("Locked with a password.");
    documents[8].message =
        QStringLiteral("The file ends in the middle of page 3. Try to get it again from where it came.");
    return documents;
}

ModelItem demoModel() {
    ModelItem model;
    model.ready = true;
    model.name = QStringLiteral("Granite-4-H-Tiny Q8");
    model.backend = QStringLiteral("cpu");
    model.parameters = 7'000'000'000;
    model.weightBytes = 7'400'000'000;
    model.context = 128000;
    return model;
}

QString demoAnswer() {
    return QStringLiteral(
        "**Either side** may end it at the close of the seven-year initial term, or of any renewal year, with at least "
        "180 "
        "days’ written notice. [1] It may also end it at once for a material breach that cannot be remedied, or is not "
        "remedied "
        "within 30 days of a notice naming it. [2]\n\n"
        "**The customer alone** may leave:\n\n"
        "- on ten business days’ notice after three temperature excursions in one chamber within 90 days; [3]\n"
        "- within 60 days of being told of a change of control. [4]\n\n"
        "Amendment 2 shortens the 180 days to 120. [5]\n\n"
        "The parties appear to have treated the length of the term as settled early on.\n\n"
        "Notice may be served by e-mail. [6]\n\n"
        "A deposit is due at signature.");
}

QVector<CitationItem> demoCitations() {
    const auto citation = [](int id, qint64 document, const char* name, int page, const char* quote, int paragraph) {
        CitationItem item;
        item.id = id;
        item.mark = id + 2;
        item.document = document;
        item.documentName = QString::fromUtf8(name);
        item.page = page;
        item.pageLabel = QString::number(page - 4);
        item.quote = QString::fromUtf8(quote);
        item.places = demoPlaces(page, paragraph);
        return item;
    };
    const char* agreement = "Cold storage services agreement";
    return {
        citation(1, 1, agreement, 38,
                 "Either party may terminate this Agreement with effect from the end of the Initial Term", 2),
        citation(2, 1, agreement, 38, "A party may terminate this Agreement with immediate effect by written notice",
                 3),
        citation(3, 1, agreement, 38, "three or more Temperature Excursions are recorded in the same Chamber", 4),
        citation(4, 1, agreement, 38,
                 "The Customer may terminate this Agreement by written notice given within sixty days", 5),
        citation(5, 2, "Second amendment", 8, "notice given by the Customer under clause 14.2", 2),
        citation(6, 1, agreement, 56, "Notice given by e-mail shall not be valid.", 1),
    };
}

QVector<CheckItem> demoChecks() {
    const QString text = demoAnswer();
    QVector<CheckItem> checks;
    const auto check = [&](const char* from, const char* to, const char* verdict, QVector<int> citations) {
        const int start = int(text.indexOf(QString::fromUtf8(from)));
        const QString last = QString::fromUtf8(to);
        checks.append(
            {start, int(text.indexOf(last, start) + last.size()), QLatin1String(verdict), std::move(citations)});
    };
    check("**Either", "notice.", "verified", {1});
    check("It may also", "naming it.", "verified", {2});
    check("on ten", "90 days;", "verified", {3});
    check("within 60", "control.", "verified", {4});
    check("Amendment 2", "120.", "partly", {5});
    check("The parties", "early on.", "gist", {});
    check("Notice may", "e-mail.", "contradicted", {6});
    check("A deposit", "signature.", "unsupported", {});
    return checks;
}

} // namespace lectern

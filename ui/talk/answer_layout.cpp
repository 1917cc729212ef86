// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/answer_layout.h"

#include <algorithm>

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>

#include "ui/talk/answer_blocks.h"

namespace lectern {

namespace {

QString whereOf(const CitationItem& citation) {
    const QString label = citation.pageLabel.isEmpty() ? QString::number(citation.page) : citation.pageLabel;
    return QCoreApplication::translate("AnswerLayout", "%1, p. %2", "document, page").arg(citation.documentName, label);
}

/// Walks over one block and collects its runs.
class RunBuilder {
public:
    RunBuilder(const TalkTurn& turn, const SourceBlock& source, const QVector<CheckItem>& checks)
        : m_turn(turn), m_source(source), m_checks(checks) {}
    QVector<AnswerRun> build();

private:
    /// Reads marks from `i` on: "[2]", "[2][3]", "[2, 3]", with blanks between. Returns the position behind, or `i`.
    int readMarks(int i, QVector<int>& chips) const;
    int chipOf(int number) const;
    void text(QChar c);
    void tail(const QVector<int>& chips, bool blankBehind);
    bool chopBlanks(); ///< at the end of what is written; says whether there were any
    /// Gives the verdicts of sentences that end at or before the answer's position `at`.
    void closeSentences(int at);
    const CheckItem* checkAt(int at) const;
    bool lastIsTail() const;

    const TalkTurn& m_turn;
    const SourceBlock& m_source;
    const QVector<CheckItem>& m_checks;
    QVector<AnswerRun> m_runs;
    int m_nextCheck = 0;
    bool m_bold = false, m_code = false, m_gist = false;
};

int RunBuilder::chipOf(int number) const {
    for (const CitationItem& citation : m_turn.citations)
        if ((m_turn.state == TalkTurn::State::Done ? citation.id : citation.mark) == number) return citation.id;
    return 0;
}

int RunBuilder::readMarks(int i, QVector<int>& chips) const {
    static const QRegularExpression mark(QStringLiteral("\\G\\s*\\[(\\d{1,4}(?:\\s*,\\s*\\d{1,4})*)\\]"));
    int end = i;
    for (auto match = mark.match(m_source.text, end); match.hasMatch(); match = mark.match(m_source.text, end)) {
        for (const QString& number : match.captured(1).split(u','))
            if (const int id = chipOf(number.trimmed().toInt()); id > 0 && !chips.contains(id)) chips.append(id);
        end = int(match.capturedEnd());
    }
    return end;
}

const CheckItem* RunBuilder::checkAt(int at) const {
    for (const CheckItem& check : m_checks)
        if (at >= check.start && at < check.end) return &check;
    return nullptr;
}

bool RunBuilder::lastIsTail() const {
    for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run) {
        if (run->isTail) return true;
        if (!run->text.trimmed().isEmpty()) return false;
    }
    return false;
}

void RunBuilder::text(QChar c) {
    if (m_runs.isEmpty() || m_runs.last().isTail || m_runs.last().bold != m_bold || m_runs.last().code != m_code ||
        m_runs.last().gist != m_gist) {
        AnswerRun run;
        run.bold = m_bold;
        run.code = m_code;
        run.gist = m_gist;
        m_runs.append(run);
    }
    m_runs.last().text += c;
}

void RunBuilder::tail(const QVector<int>& chips, bool blankBehind) {
    // No blank between the last word and its chips: it goes behind them.
    const bool blank = chopBlanks() && blankBehind;
    if (m_runs.isEmpty() || !m_runs.last().isTail) {
        AnswerRun run;
        run.isTail = true;
        m_runs.append(run);
    }
    for (int id : chips)
        if (!m_runs.last().chips.contains(id)) m_runs.last().chips.append(id);
    if (blank) text(u' ');
}

bool RunBuilder::chopBlanks() {
    bool chopped = false;
    while (!m_runs.isEmpty() && !m_runs.last().isTail && m_runs.last().text.endsWith(u' ')) {
        m_runs.last().text.chop(1);
        chopped = true;
        if (m_runs.last().text.isEmpty()) m_runs.removeLast();
    }
    return chopped;
}

void RunBuilder::closeSentences(int at) {
    while (m_nextCheck < m_checks.size() && m_checks[m_nextCheck].end <= at) {
        const CheckItem& check = m_checks[m_nextCheck++];
        if (check.end <= m_source.start) continue;
        QVector<int> missing;
        for (int id : check.citations) {
            const bool shown =
                std::any_of(m_runs.begin(), m_runs.end(), [id](const auto& r) { return r.chips.contains(id); });
            if (!shown && m_turn.citation(id)) missing.append(id);
        }
        if (!lastIsTail() || !missing.isEmpty()) tail(missing, true);
        for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run)
            if (run->isTail) {
                run->verdict = check.verdict;
                break;
            }
    }
}

QVector<AnswerRun> RunBuilder::build() {
    const QString& s = m_source.text;
    for (int i = 0; i < s.size();) {
        QVector<int> chips;
        const int behind = m_code ? i : readMarks(i, chips);
        if (behind > i) {
            // A mark before the full stop goes behind it.
            const bool stop = behind < s.size() && QStringLiteral(".,;:!?").contains(s[behind]);
            if (stop) chopBlanks();
            if (stop) text(s[behind]);
            if (!chips.isEmpty()) tail(chips, false);
            i = behind + (stop ? 1 : 0);
            continue;
        }
        closeSentences(m_source.at[i]);
        const CheckItem* check = checkAt(m_source.at[i]);
        m_gist = check && check->verdict == QLatin1String("gist");
        if (s[i] == u'*' && i + 1 < s.size() && s[i + 1] == u'*' && !m_code) {
            m_bold = !m_bold;
            i += 2;
        } else if (s[i] == u'`') {
            m_code = !m_code;
            ++i;
        } else {
            text(s[i++]);
        }
    }
    closeSentences(m_source.end);
    return std::move(m_runs);
}

/// What an unfinished stream should not show: half a mark, half a pair of asterisks.
QString withoutLooseEnd(QString text) {
    static const QRegularExpression loose(QStringLiteral("(\\s*\\[[\\d,\\s]*|\\*)$"));
    return text.remove(loose);
}

void addRemarks(const TalkTurn& turn, const QVector<CheckItem>& checks, const SourceBlock& source, AnswerBlock& block) {
    for (const CheckItem& check : checks) {
        const bool worth = check.verdict == QLatin1String("partly") || check.verdict == QLatin1String("contradicted");
        if (!worth || check.start < source.start || check.start >= source.end) continue;
        AnswerRemark remark{check.verdict, {}, {}};
        if (const CitationItem* citation =
                check.citations.isEmpty() ? nullptr : turn.citation(check.citations.first())) {
            remark.quote = citation->quote.simplified();
            remark.where = whereOf(*citation);
        }
        block.remarks.append(remark);
    }
}

} // namespace

QVector<AnswerBlock> layOutAnswer(const TalkTurn& turn) {
    const bool done = turn.state == TalkTurn::State::Done;
    const QString text = done ? turn.text : withoutLooseEnd(turn.text);
    QVector<CheckItem> checks = done ? turn.checks : QVector<CheckItem>();
    std::sort(checks.begin(), checks.end(), [](const CheckItem& a, const CheckItem& b) { return a.end < b.end; });
    QVector<AnswerBlock> blocks;
    for (const SourceBlock& source : splitBlocks(text)) {
        AnswerBlock block;
        block.kind = source.kind;
        block.marker = source.marker;
        if (source.kind == AnswerBlock::Kind::Code) {
            AnswerRun run;
            run.text = source.text;
            run.code = true;
            block.runs.append(run);
        } else {
            block.runs = RunBuilder(turn, source, checks).build();
            addRemarks(turn, checks, source, block);
        }
        blocks.append(block);
    }
    return blocks;
}

QString answerForClipboard(const TalkTurn& turn) {
    QString out;
    for (const AnswerBlock& block : layOutAnswer(turn)) {
        if (!out.isEmpty()) out += QStringLiteral("\n\n");
        if (!block.marker.isEmpty()) out += block.marker + u' ';
        for (const AnswerRun& run : block.runs) {
            out += run.text;
            for (int id : run.chips) out += QStringLiteral(" [%1]").arg(id);
        }
        out.replace(QChar::LineSeparator, u'\n');
    }
    if (!turn.citations.isEmpty()) out += u'\n';
    for (const CitationItem& citation : turn.citations)
        out += QStringLiteral("\n[%1] %2").arg(citation.id).arg(whereOf(citation));
    return out;
}

} // namespace lectern

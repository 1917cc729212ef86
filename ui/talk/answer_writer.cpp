// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/answer_writer.h"

#include <QtCore/QCoreApplication>
#include <QtGui/QFontDatabase>
#include <QtGui/QTextBlockFormat>
#include <QtGui/QTextCursor>
#include <QtGui/QTextDocument>

#include "ui/talk/sentence_tail.h"
#include "ui/theme/theme.h"

namespace lectern {

namespace {

constexpr QChar kWordJoiner(0x2060);
constexpr int kBetweenBlocks = 9;
constexpr int kBetweenItems = 4;
constexpr int kIndent = 18;

QTextCharFormat ink(const QColor& color, const QFont& font) {
    QTextCharFormat format;
    format.setForeground(color);
    format.setFont(font);
    return format;
}

QTextBlockFormat lines(int height, int below) {
    QTextBlockFormat format;
    format.setLineHeight(height, QTextBlockFormat::FixedHeight);
    format.setBottomMargin(below);
    return format;
}

QString words(const char* text) { return QCoreApplication::translate("AnswerWriter", text); }

} // namespace

QString verdictWords(const QString& verdict) {
    if (verdict == QLatin1String("verified")) return words(QT_TRANSLATE_NOOP("AnswerWriter", "verified"));
    if (verdict == QLatin1String("partly")) return words(QT_TRANSLATE_NOOP("AnswerWriter", "partly verified"));
    if (verdict == QLatin1String("gist"))
        return words(QT_TRANSLATE_NOOP("AnswerWriter", "from the reading, no source"));
    if (verdict == QLatin1String("contradicted"))
        return words(QT_TRANSLATE_NOOP("AnswerWriter", "the source says otherwise"));
    if (verdict == QLatin1String("unsupported")) return words(QT_TRANSLATE_NOOP("AnswerWriter", "no support found"));
    return {};
}

QVector<int> AnswerWriter::write(QTextDocument& document, const TalkTurn& turn) {
    m_chips.clear();
    document.clear();
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    cursor.setBlockFormat(lines(m_theme.lineHeight(TextRole::Question), 8));
    cursor.insertText(turn.question, ink(m_theme.color(Token::Text), m_theme.font(TextRole::Question)));
    const QVector<AnswerBlock> blocks = layOutAnswer(turn);
    for (int i = 0; i < blocks.size(); ++i) {
        const bool inList = blocks[i].kind == AnswerBlock::Kind::Item && i + 1 < blocks.size() &&
                            blocks[i + 1].kind == AnswerBlock::Kind::Item;
        writeBlock(cursor, blocks[i], inList ? kBetweenItems : kBetweenBlocks);
    }
    if (turn.state == TalkTurn::State::Answering && !turn.text.isEmpty()) {
        // Where the next word will stand; it does not blink.
        cursor.insertText(QStringLiteral(" ▍"), ink(m_theme.color(Token::Accent), m_theme.font(TextRole::Answer)));
    }
    cursor.endEditBlock();
    return m_chips;
}

void AnswerWriter::writeBlock(QTextCursor& cursor, const AnswerBlock& block, int below) {
    const bool heading = block.kind == AnswerBlock::Kind::Heading;
    const bool code = block.kind == AnswerBlock::Kind::Code;
    QTextBlockFormat format = lines(m_theme.lineHeight(code ? TextRole::Quote : TextRole::Answer), below);
    if (!block.remarks.isEmpty()) format.setBottomMargin(3);
    if (block.kind == AnswerBlock::Kind::Item) {
        format.setLeftMargin(kIndent);
        format.setTextIndent(-kIndent);
        format.setTabPositions({QTextOption::Tab(kIndent, QTextOption::LeftTab)});
    }
    if (code) format.setNonBreakableLines(false);
    cursor.insertBlock(format);
    if (!block.marker.isEmpty())
        cursor.insertText(block.marker + u'\t', ink(m_theme.color(Token::Muted), m_theme.font(TextRole::Answer)));
    for (const AnswerRun& run : block.runs) writeRun(cursor, run, heading);
    for (const AnswerRemark& remark : block.remarks) writeRemark(cursor, remark);
}

void AnswerWriter::writeRun(QTextCursor& cursor, const AnswerRun& run, bool heading) {
    if (run.isTail) {
        if (run.chips.isEmpty() && run.verdict.isEmpty()) return;
        cursor.insertText(kWordJoiner);
        cursor.insertText(QString(QChar::ObjectReplacementCharacter), SentenceTail::format(run, int(m_chips.size())));
        m_chips += run.chips;
        return;
    }
    QFont font = m_theme.font(TextRole::Answer, run.gist);
    if (run.bold || heading) font.setWeight(QFont::DemiBold);
    if (run.code) {
        const double size = font.pointSizeF() - 1.5;
        font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPointSizeF(size);
    }
    cursor.insertText(run.text, ink(m_theme.color(run.gist ? Token::Gist : Token::Text), font));
}

void AnswerWriter::writeRemark(QTextCursor& cursor, const AnswerRemark& remark) {
    QTextBlockFormat format = lines(m_theme.lineHeight(TextRole::Quote), kBetweenBlocks);
    format.setLeftMargin(kIndent);
    format.setTextIndent(-kIndent);
    format.setTabPositions({QTextOption::Tab(kIndent, QTextOption::LeftTab)});
    cursor.insertBlock(format);
    AnswerRun sign;
    sign.isTail = true;
    sign.verdict = remark.verdict;
    cursor.insertText(QString(QChar::ObjectReplacementCharacter), SentenceTail::format(sign, int(m_chips.size())));
    QFont strong = m_theme.font(TextRole::Small);
    strong.setWeight(QFont::DemiBold);
    const QString said = remark.verdict == QLatin1String("partly")
                             ? words(QT_TRANSLATE_NOOP("AnswerWriter", "Partly."))
                             : words(QT_TRANSLATE_NOOP("AnswerWriter", "The source says otherwise."));
    cursor.insertText(u'\t' + said + u' ', ink(m_theme.verdictColor(remark.verdict), strong));
    if (!remark.quote.isEmpty())
        cursor.insertText(QStringLiteral("“%1” ").arg(remark.quote),
                          ink(m_theme.color(Token::Text), m_theme.font(TextRole::Quote)));
    cursor.insertText(remark.where, ink(m_theme.color(Token::Muted), m_theme.font(TextRole::Small)));
}

} // namespace lectern

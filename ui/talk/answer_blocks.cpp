// SPDX-FileCopyrightText: The Lectern developers
// SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
#include "ui/talk/answer_blocks.h"

#include <QtCore/QRegularExpression>

namespace lectern {

namespace {

/// Collects lines into blocks.
class Splitter {
public:
    void line(const QString& line, int offset);
    QVector<SourceBlock> take(int length);

private:
    void begin(AnswerBlock::Kind kind, const QString& marker);
    void append(const QString& text, int offset, QChar glue);

    QVector<SourceBlock> m_blocks;
    bool m_open = false;
    bool m_fenced = false;
};

void Splitter::begin(AnswerBlock::Kind kind, const QString& marker) {
    SourceBlock block;
    block.kind = kind;
    block.marker = marker;
    m_blocks.append(block);
    m_open = true;
}

void Splitter::append(const QString& text, int offset, QChar glue) {
    SourceBlock& block = m_blocks.last();
    if (block.text.isEmpty()) {
        block.start = offset;
    } else {
        block.text += glue;
        block.at.append(qMax(0, offset - 1));
    }
    for (int i = 0; i < text.size(); ++i) block.at.append(offset + i);
    block.text += text;
}

void Splitter::line(const QString& line, int offset) {
    static const QRegularExpression item(QStringLiteral("^\\s*([-*•]|\\d{1,3}[.)])\\s+"));
    static const QRegularExpression heading(QStringLiteral("^#{1,6}\\s+"));
    if (line.startsWith(QLatin1String("```"))) {
        m_fenced = !m_fenced;
        if (m_fenced)
            begin(AnswerBlock::Kind::Code, {});
        else
            m_open = false;
        return;
    }
    if (m_fenced) {
        append(line, offset, QChar::LineSeparator);
        return;
    }
    if (line.trimmed().isEmpty()) {
        m_open = false;
        return;
    }
    if (const auto match = heading.match(line); match.hasMatch()) {
        begin(AnswerBlock::Kind::Heading, {});
        append(line.mid(match.capturedEnd()), offset + int(match.capturedEnd()), u' ');
        m_open = false;
        return;
    }
    if (const auto match = item.match(line); match.hasMatch()) {
        const QString marker = match.captured(1);
        begin(AnswerBlock::Kind::Item, marker[0].isDigit() ? marker : QStringLiteral("•"));
        append(line.mid(match.capturedEnd()), offset + int(match.capturedEnd()), u' ');
        return;
    }
    if (!m_open) begin(AnswerBlock::Kind::Paragraph, {});
    int lead = 0;
    while (lead < line.size() && line[lead].isSpace()) ++lead;
    append(line.mid(lead), offset + lead, u' ');
}

QVector<SourceBlock> Splitter::take(int length) {
    m_blocks.removeIf([](const SourceBlock& block) { return block.text.isEmpty(); });
    for (int i = 0; i < m_blocks.size(); ++i)
        m_blocks[i].end = i + 1 < m_blocks.size() ? m_blocks[i + 1].start : length + 1;
    return std::move(m_blocks);
}

} // namespace

QVector<SourceBlock> splitBlocks(const QString& answer) {
    Splitter splitter;
    int offset = 0;
    for (const QString& line : answer.split(u'\n')) {
        splitter.line(line.endsWith(u'\r') ? line.chopped(1) : line, offset);
        offset += int(line.size()) + 1;
    }
    return splitter.take(int(answer.size()));
}

} // namespace lectern

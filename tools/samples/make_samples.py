#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Writes the sample documents: each .md beside this file becomes a PDF in resources/samples.

    python3 tools/samples/make_samples.py [--out FOLDER]

Needs ReportLab 3.6 (python3-reportlab) and the Noto typefaces (fonts-noto-core). The same sources give the same bytes
with the same versions of both. The sources are a small Markdown:

    key: value                   at the top: title, subject, lang, face (serif or sans), header, footer
    # Heading, ## Heading        sections; they become the outline
    9.2 text, (A) text, 1. text  a clause with its number in the margin
    - text                       a list entry
    | a | b |   |= a | b |       a table row, a table's head
    !title T  !center T          on the first page; !right T: an address on the right
    !columns  !onecolumn         a new page with two columns, with one;  !break: a new page
    **bold**                     inside a line; lines without a blank line between them stay lines of one paragraph
"""

import argparse
import pathlib
import re

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate, Paragraph, Spacer,
                                Table, TableStyle)

ROOT = pathlib.Path(__file__).resolve().parents[2]
FONTS = pathlib.Path("/usr/share/fonts/truetype/noto")
MARGIN = 25 * mm
WIDTH = A4[0] - 2 * MARGIN
COLUMN_GAP = 8 * mm
GREY = colors.HexColor("#5a5f66")
INK = colors.HexColor("#1f4e5f")

CLAUSE = re.compile(r"(\d+\.\d+|\d+\.|\([A-Z]\)|-) (.*)", re.DOTALL)


def register_fonts() -> None:
    for face in ("Sans", "Serif"):
        for cut in ("Regular", "Bold", "Italic", "BoldItalic"):
            pdfmetrics.registerFont(TTFont(f"{face}-{cut}", FONTS / f"Noto{face}-{cut}.ttf"))
        pdfmetrics.registerFontFamily(f"{face}-Regular", normal=f"{face}-Regular", bold=f"{face}-Bold",
                                      italic=f"{face}-Italic", boldItalic=f"{face}-BoldItalic")


def styles(face: str) -> dict[str, ParagraphStyle]:
    regular, bold = f"{face}-Regular", f"{face}-Bold"
    body = ParagraphStyle("body", fontName=regular, fontSize=10.5, leading=16, spaceAfter=7)
    cell = ParagraphStyle("cell", parent=body, fontSize=9.5, leading=13, spaceAfter=0)
    heading = ParagraphStyle("heading", parent=body, fontName=bold, fontSize=13, leading=17, spaceBefore=12, spaceAfter=6,
                             keepWithNext=1, textColor=INK)
    return {
        "body": body,
        "column": ParagraphStyle("column", parent=body, fontSize=9.5, leading=14, alignment=TA_JUSTIFY),
        "clause": ParagraphStyle("clause", parent=body, leftIndent=11 * mm, bulletFontName=regular, bulletFontSize=10.5),
        "entry": ParagraphStyle("entry", parent=body, leftIndent=5 * mm, spaceAfter=4, bulletFontName=regular, bulletFontSize=10.5),
        "right": ParagraphStyle("right", parent=body, leftIndent=WIDTH * 0.55),
        "center": ParagraphStyle("center", parent=body, alignment=TA_CENTER, spaceAfter=8),
        "title": ParagraphStyle("title", parent=body, fontName=bold, fontSize=20, leading=26, spaceBefore=10, spaceAfter=14,
                                textColor=INK),
        "heading": heading,
        "subheading": ParagraphStyle("subheading", parent=heading, fontSize=11, leading=15, spaceBefore=8, spaceAfter=4),
        "cell": cell,
        "head": ParagraphStyle("head", parent=cell, fontName=bold),
    }


def read_source(path: pathlib.Path) -> tuple[dict[str, str], list[str]]:
    """The settings at the top, and the blocks below: runs of lines that blank lines separate."""
    text = re.sub(r"\A<!--.*?-->\s*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    head, body = text.split("\n\n", 1)
    settings = dict(line.split(": ", 1) for line in head.splitlines())
    return settings, [block.strip() for block in re.split(r"\n\s*\n", body) if block.strip()]


def markup(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escaped).replace("\n", "<br/>")


def table(rows: list[str], style: dict[str, ParagraphStyle], width: float) -> Table:
    has_head = rows[0].startswith("|=")
    cells = [[cell.strip() for cell in row.removeprefix("|=").strip().strip("|").split("|")] for row in rows]
    longest = [max(5, *(len(row[i]) for row in cells)) ** 0.7 for i in range(len(cells[0]))]
    widths = [width * share / sum(longest) for share in longest]
    content = [[Paragraph(markup(cell), style["head" if has_head and n == 0 else "cell"]) for cell in row]
               for n, row in enumerate(cells)]
    made = Table(content, colWidths=widths, repeatRows=1 if has_head else 0, spaceBefore=4, spaceAfter=10)
    rules = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#c3c8ce")),
             ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]
    if has_head:
        rules.append(("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e9eef0")))
    made.setStyle(TableStyle(rules))
    return made


def heading(text: str, kind: str, style: dict[str, ParagraphStyle]) -> Paragraph:
    made = Paragraph(markup(text), style[kind])
    made.outline = (text, 0 if kind == "heading" else 1)  # read by SampleDocument.afterFlowable
    return made


def story(blocks: list[str], style: dict[str, ParagraphStyle]) -> list:
    flow, in_columns = [], False
    for block in blocks:
        command, _, rest = block.partition(" ")
        body = style["column" if in_columns else "body"]
        width = (WIDTH - COLUMN_GAP) / 2 if in_columns else WIDTH
        clause = CLAUSE.match(block)
        if block in ("!columns", "!onecolumn"):
            in_columns = block == "!columns"
            flow += [NextPageTemplate("two" if in_columns else "one"), PageBreak()]
        elif block == "!break":
            flow.append(PageBreak())
        elif command in ("!title", "!center"):
            flow.append(Paragraph(markup(rest), style[command[1:]]))
        elif command == "!right":
            flow += [Paragraph(markup(block.replace("!right ", "")), style["right"]), Spacer(1, 8)]
        elif command == "#":
            flow.append(heading(rest, "heading", style))
        elif command == "##":
            flow.append(heading(rest, "subheading", style))
        elif command in ("|", "|="):
            flow.append(table(block.splitlines(), style, width))
        elif block.startswith("- "):
            flow += [Paragraph(markup(entry.strip()), style["entry"], bulletText="•") for entry in re.split(r"^- ", block, flags=re.M)[1:]]
        elif clause:
            flow.append(Paragraph(markup(clause[2]), style["clause"], bulletText=clause[1]))
        else:
            flow.append(Paragraph(markup(block), body))
    return flow


class SampleDocument(BaseDocTemplate):
    """Running header and footer with "Page n of N"; headings become the outline."""

    def __init__(self, path: pathlib.Path, settings: dict[str, str], pages: int) -> None:
        self.face = settings["face"].capitalize()
        super().__init__(str(path), pagesize=A4, invariant=1, title=settings["title"], subject=settings["subject"],
                         author="The Lectern developers", lang=settings["lang"],
                         initialFontName=f"{self.face}-Regular")
        self.settings, self.pages = settings, pages
        bottom, height = 22 * mm, A4[1] - 50 * mm
        column = (WIDTH - COLUMN_GAP) / 2
        pad = dict(leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        self.addPageTemplates([
            PageTemplate("one", [Frame(MARGIN, bottom, WIDTH, height, **pad)], onPage=self.running),
            PageTemplate("two", [Frame(MARGIN, bottom, column, height, **pad),
                                 Frame(MARGIN + column + COLUMN_GAP, bottom, column, height, **pad)], onPage=self.running),
        ])

    def running(self, canvas, document) -> None:
        of = "sur" if self.settings["lang"].startswith("fr") else "of"
        canvas.setFont(f"{self.face}-Regular", 8)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, A4[1] - 16 * mm, self.settings["header"])
        canvas.drawString(MARGIN, 12 * mm, self.settings["footer"])
        canvas.drawRightString(A4[0] - MARGIN, 12 * mm, f"Page {document.page} {of} {self.pages}")

    def afterFlowable(self, flowable) -> None:
        if not hasattr(flowable, "outline"):
            return
        text, level = flowable.outline
        key = f"section-{self.page}-{text}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level)


def make(source: pathlib.Path, out: pathlib.Path) -> int:
    """Writes the PDF twice: the first run counts the pages that the second one prints. Returns the count."""
    settings, blocks = read_source(source)
    path, pages = out / f"{source.stem}.pdf", 0
    for _ in range(2):
        document = SampleDocument(path, settings, pages)
        document.build(story(blocks, styles(document.face)))
        pages = document.page
    return pages


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the sample documents as PDF.")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "resources/samples")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    register_fonts()
    for source in sorted(pathlib.Path(__file__).parent.glob("*.md")):
        print(f"{source.stem}.pdf: {make(source, out)} page(s)")


if __name__ == "__main__":
    main()

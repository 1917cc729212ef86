# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""The sample documents hold the text of their sources, and each answer of questions.json stands on its page.

Read with pdftotext, which shares no code of ours; skipped where it is not installed.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import tree

SKIPPED = 77  # ctest shows this exit status as skipped


def check(root: pathlib.Path) -> list[str]:
    offences = []
    pages = {path.stem: read_pages(path) for path in sorted((root / "resources/samples").glob("*.pdf"))}
    sources = {path.stem: path for path in sorted((root / "tools/samples").glob("*.md"))}
    for stem in sorted(pages.keys() ^ sources.keys()):
        there, missing = ("PDF", "source") if stem in pages else ("source", "PDF")
        offences.append(f"{stem}: there is a {there} but no {missing}")
    for stem in sorted(pages.keys() & sources.keys()):
        offences += _compare(stem, _source_words(sources[stem]), _words(" ".join(pages[stem])))
    questions = json.loads(tree.text(root, "tests/data/samples/questions.json"))["questions"]
    return offences + [f"questions.json: {why}" for question in questions for why in _judge(question, pages)]


def read_pages(path: pathlib.Path) -> list[str]:
    """The text of each page, with single spaces for all white space."""
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _source_words(path: pathlib.Path) -> set[str]:
    text = re.sub(r"\A<!--.*?-->\s*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    head, body = text.split("\n\n", 1)
    running = [line.split(": ", 1)[1] for line in head.splitlines() if line.startswith(("header", "footer"))]
    return _words(" ".join(running) + re.sub(r"^!\w+", "", body, flags=re.MULTILINE))


def _compare(stem: str, source: set[str], pdf: set[str]) -> list[str]:
    numbering = {"Page", "of", "sur"} | {word for word in pdf if word.isdigit() and len(word) <= 2}  # of the running footer
    lost, added = sorted(source - pdf), sorted(pdf - source - numbering)
    if not lost and not added:
        return []
    return [f"{stem}.pdf: not made from the present {stem}.md (only in the source: {lost[:5]}, only in the PDF: {added[:5]}); "
            "run tools/samples/make_samples.py"]


def _judge(question: dict, pages: dict[str, list[str]]) -> list[str]:
    asked, answer = question["question"], question["answer"]
    if answer is None:
        return []
    texts = pages.get(question["document"].removesuffix(".pdf"))
    if texts is None:
        return [f'"{asked}" asks {question["document"]}, which is no sample']
    if not 1 <= question["page"] <= len(texts):
        return [f'"{asked}" asks page {question["page"]} of {len(texts)}']
    if answer not in texts[question["page"] - 1]:
        found = [number for number, text in enumerate(texts, start=1) if answer in text]
        return [f'"{asked}": "{answer}" is not on page {question["page"]} of {question["document"]}, but on {found}']
    return []


if __name__ == "__main__":
    if shutil.which("pdftotext") is None:
        print("skipped: pdftotext is not installed (poppler-utils)")
        sys.exit(SKIPPED)
    tree.main(check, "sample documents")

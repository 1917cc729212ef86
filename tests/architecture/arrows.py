# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Reads the includes of every source file and names each one that points where no arrow of the house does."""

import pathlib
import re

import tree

# Folder -> folders its files may include from. The longest folder that holds a file decides.
ARROWS = {
    "engine/base": ["engine/base"],
    "engine": ["engine"],
    "ingest/document": ["ingest/document", "engine/base"],
    "ingest": ["ingest", "engine/base"],
    "retrieval": ["retrieval", "ingest/document", "engine/base"],
    "app": ["app", "retrieval", "ingest", "engine"],
    "ui": ["ui", "app"],
    "tests/support": ["tests/support", "engine/base"],
    "tests/engine": ["tests/engine", "tests/support", "engine"],
    "tests/ingest": ["tests/ingest", "tests/support", "ingest", "engine/base"],
    "tests/retrieval": ["tests/retrieval", "tests/support", "retrieval", "ingest/document", "engine/base"],
    "tests/app": ["tests/app", "tests/support", "app", "retrieval", "ingest", "engine"],
    "tests/ui": ["tests/ui", "tests/support", "ui", "app"],
    "tests": ["tests", "ui", "app", "retrieval", "ingest", "engine"],
    "tools": ["tools", "app", "retrieval", "ingest", "engine"],
}

# Single files that may include more than their folder: the composition root builds every object.
MORE_FOR_FILE = {"app/main.cpp": ["ui"]}

# The parsers of ingest are linked by lectern-parse alone: nobody else sees their headers.
EXTRACTORS = ["ingest/" + kind for kind in ("pdf", "ocr", "office", "web", "mail", "code", "text")]
MAY_SEE_EXTRACTORS = EXTRACTORS + ["ingest/worker", "tests/ingest", "tests/fuzz"]

# Library -> what its includes look like, and the folders that may know it.
LIBRARIES = {
    "Qt": (r"Q[A-Z]\w*$|Qt\w*/", ["app", "ui", "tests"]),
    "SQLite": (r"sqlite3", ["retrieval", "tests"]),
    "FAISS": (r"faiss/", ["retrieval/dense", "tests/retrieval", "tests/bench"]),
    "Poppler": (r"poppler", ["ingest/pdf", "tests/ingest", "tests/fuzz"]),
    "Tesseract": (r"tesseract/|leptonica/", ["ingest/ocr", "tests/ingest"]),
    "seccomp": (r"seccomp\.h|linux/seccomp\.h", ["ingest/worker", "tests/ingest"]),
    "CUDA": (r"cuda|cublas|mma\.h|cooperative_groups", ["engine", "tests/engine"]),
    "oneDNN": (r"dnnl|oneapi/", ["engine", "tests/engine"]),
    "spdlog": (r"spdlog/", ["engine/base"]),
    "CLI11": (r"CLI/", ["app/cli", "tests", "tools"]),
    "doctest": (r"doctest", ["tests"]),
}
NO_LIBRARY_IN = {"Qt": ["tests/engine", "tests/support"]}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
GENERATED = re.compile(r"(^|/)(moc_\w+\.cpp|\w+\.moc|ui_\w+\.h)$")


def check(root: pathlib.Path) -> list[str]:
    """One sentence for each include that breaks a rule: file, line, and the arrow that does not exist."""
    names = tree.files(root)
    present = set(names)
    offences = []
    for name in names:
        if not name.endswith(tree.SOURCE_ENDINGS):
            continue
        for number, line in enumerate(tree.text(root, name).splitlines(), start=1):
            match = INCLUDE.match(line)
            if match:
                offences += [f"{name}:{number}: {why}" for why in _judge(name, match[1] == '"', match[2], present)]
    return offences


def _judge(name: str, quoted: bool, target: str, present: set[str]) -> list[str]:
    if GENERATED.search(target):
        return []
    if target in present:
        return _judge_own(name, target)
    if quoted:
        return [f'"{target}" is no file of this tree; write our own headers from the root, others in <>']
    return _judge_library(name, target)


def _judge_own(name: str, target: str) -> list[str]:
    home = _longest(name, ARROWS)
    if home is None:
        return [f"{name.split('/')[0]} is a folder that the arrows do not know; add it to tests/architecture/arrows.py"]
    if not _in_any(target, ARROWS[home] + MORE_FOR_FILE.get(name, [])):
        return [f"{target}: there is no arrow {home} -> {_longest(target, ARROWS) or target.split('/')[0]}"]
    if _in_any(target, EXTRACTORS) and not _in_any(name, MAY_SEE_EXTRACTORS):
        return [f"{target}: the parsers are for lectern-parse alone, there is no arrow {home} -> {_longest(target, EXTRACTORS)}"]
    return []


def _judge_library(name: str, target: str) -> list[str]:
    for library, (pattern, folders) in LIBRARIES.items():
        if re.match(pattern, target) and (not _in_any(name, folders) or _in_any(name, NO_LIBRARY_IN.get(library, []))):
            return [f"<{target}>: {library} is known only in {', '.join(folders)}, not in {_longest(name, ARROWS) or name}"]
    return []


def _in_any(name: str, folders) -> bool:
    return any(tree.is_in(name, folder) for folder in folders)


def _longest(name: str, folders) -> str | None:
    return max((folder for folder in folders if tree.is_in(name, folder)), key=len, default=None)


if __name__ == "__main__":
    tree.main(check, "arrows between rooms")

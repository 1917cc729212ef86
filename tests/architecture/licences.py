# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Every file says its licence: in an SPDX line of its own or, where it has no comments, in REUSE.toml."""

import pathlib
import re
import tomllib

import tree

APACHE = "Apache-2.0"
GPL = "GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA"
APACHE_FOLDERS = ["engine", "tests/engine", "tests/support"]  # what others may build on, and what its tests link

LINES_READ = 5  # an SPDX line stands at the top or it counts as missing
SPDX = re.compile(r"SPDX-License-Identifier:\s*(.*?)\s*(?:\*/|-->)?\s*$")


def check(root: pathlib.Path) -> list[str]:
    """One sentence for each file without a licence or with the wrong one, and for each licence without its text."""
    names = tree.files(root)
    annotations, offences = _annotations(root)
    used = set()
    for name in names:
        if tree.is_in(name, "LICENSES") or name == "REUSE.toml":
            continue
        licence = _own_licence(root, name)
        if licence is None:
            licence = _annotated(name, annotations)
            if licence is None:
                offences.append(f"{name}: no SPDX line in its first {LINES_READ} lines and no entry in REUSE.toml")
                continue
        elif licence != _expected(name):
            offences.append(f"{name}: says {licence}, but this folder is {_expected(name)}")
        used |= set(re.split(r"\s+(?:WITH|AND|OR)\s+", licence))
    for part in sorted(used):
        if f"LICENSES/{part}.txt" not in names:
            offences.append(f"LICENSES/{part}.txt: missing, but files say {part}")
    return offences


def _expected(name: str) -> str:
    return APACHE if any(tree.is_in(name, folder) for folder in APACHE_FOLDERS) else GPL


def _own_licence(root: pathlib.Path, name: str) -> str | None:
    with open(root / name, "rb") as file:
        head = [file.readline(400) for _ in range(LINES_READ)]
    for line in head:
        match = SPDX.search(line.decode("utf-8", errors="replace"))
        if match:
            return match[1]
    return None


def _annotations(root: pathlib.Path) -> tuple[list[tuple[re.Pattern, str]], list[str]]:
    """(pattern of paths, licence) in the file's order, as REUSE 3.2 reads them, and what is wrong with the file."""
    path = root / "REUSE.toml"
    if not path.is_file():
        return [], ["REUSE.toml: missing"]
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("annotations", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [], [f"REUSE.toml: {error}"]
    found = []
    for entry in entries:
        paths = entry.get("path", [])
        for glob in [paths] if isinstance(paths, str) else paths:
            found.append((_pattern(glob), entry.get("SPDX-License-Identifier", "")))
    return found, []


def _pattern(glob: str) -> re.Pattern:
    """`*` is any run without a slash, `**` any run at all."""
    parts = re.split(r"(\*\*|\*)", glob)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts) + r"\Z")


def _annotated(name: str, annotations: list[tuple[re.Pattern, str]]) -> str | None:
    licences = [licence for pattern, licence in annotations if pattern.match(name)]
    return licences[-1] if licences else None  # the last entry that matches decides


if __name__ == "__main__":
    tree.main(check, "licences")

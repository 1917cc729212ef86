# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""One name, one type. Rooms are linked into one program, and two types of one name in one namespace share their inline
functions there: the destructor of one may run on the other (it did: a Turn of the store and a Turn of the talk)."""

import pathlib
import re

import tree

ROOMS = ("app", "engine", "ingest", "retrieval", "ui")
NAMESPACE = re.compile(r"^\s*(?:inline\s+)?namespace(?:\s+([\w:]+))?\s*\{")
TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:struct|class|union|enum(?:\s+class)?)\s+(?:\[\[\w+\]\]\s+)?(\w+)(?:\s+final)?\s*(?::[^:;].*)?\{")


def types(lines: list[str]) -> list[tuple[str, int]]:
    """Types defined at namespace scope, with their namespace, and the line; those of unnamed namespaces are left out."""
    found, open_namespaces = [], []
    for number, line in enumerate(lines, start=1):
        if line.startswith("} // namespace") and open_namespaces:
            open_namespaces.pop()
        elif match := NAMESPACE.match(line):
            open_namespaces.append(match[1] or "")
        elif "" not in open_namespaces and (match := TYPE.match(line)):
            found.append(("::".join([*open_namespaces, match[1]]), number))
    return found


def check(root: pathlib.Path) -> list[str]:
    """One sentence an offence: the name and the places."""
    places: dict[str, list[str]] = {}
    for name in tree.files(root):
        if name.endswith(tree.SOURCE_ENDINGS) and any(tree.is_in(name, room) for room in ROOMS):
            for type_name, number in types(tree.text(root, name).splitlines()):
                places.setdefault(type_name, []).append(f"{name}:{number}")
    return [f"{name} is defined in {' and '.join(where)}: rename one" for name, where in sorted(places.items()) if len(where) > 1]


if __name__ == "__main__":
    tree.main(check, "names")

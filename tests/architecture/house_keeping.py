# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Small things that rot a tree: files that grew too long, promises in comments, paths of one person's machine."""

import pathlib
import re

import tree

LONGEST_FILE = 600  # lines; about 400 is where a file usually holds two concepts
CODE_ENDINGS = tree.SOURCE_ENDINGS + (".py", ".sh", ".cmake", "CMakeLists.txt")
TEXT_ENDINGS = CODE_ENDINGS + (".md", ".json", ".toml", ".txt")
NOT_WRITTEN_BY_US = ["LICENSES", "tests/data"]

# Written in two halves, so that this file does not hold what it looks for.
PROMISE = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}~/])/(?:home|root|work|Users)/\w+")


def check(root: pathlib.Path) -> list[str]:
    """One sentence an offence, with file and line."""
    offences = []
    for name in tree.files(root):
        if not name.endswith(TEXT_ENDINGS) or any(tree.is_in(name, folder) for folder in NOT_WRITTEN_BY_US):
            continue
        is_code = name.endswith(CODE_ENDINGS)
        lines = tree.text(root, name).splitlines()
        if is_code and len(lines) > LONGEST_FILE:
            offences.append(f"{name}: {len(lines)} lines, more than {LONGEST_FILE}; it holds two concepts, give each a file")
        for number, line in enumerate(lines, start=1):
            if is_code and (match := PROMISE.search(line)):
                offences.append(f"{name}:{number}: {match[0]}: do it now, or file an issue and delete the line")
            if match := MACHINE_PATH.search(line):
                offences.append(f"{name}:{number}: {match[0]} is a path of one machine")
    return offences


if __name__ == "__main__":
    tree.main(check, "house keeping")

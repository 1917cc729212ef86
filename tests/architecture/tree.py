# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""The files of a source tree, for the checks beside this one, and the one way they report."""

import argparse
import os
import pathlib
import subprocess
import sys

SOURCE_ENDINGS = (".h", ".cpp", ".cu", ".cuh")
NOT_OURS = {".git", ".cache", "build", "__pycache__"}


def files(root: pathlib.Path) -> list[str]:
    """Paths of the tree's files below `root`, with `/`, sorted: what git tracks or would track; without git, all."""
    names = _git_files(root)
    if names is None:
        names = []
        for folder, folders, here in os.walk(root):
            folders[:] = [name for name in folders if name not in NOT_OURS]
            names += [(pathlib.Path(folder) / name).relative_to(root).as_posix() for name in here]
    return sorted(name for name in names if (root / name).is_file())


def _git_files(root: pathlib.Path) -> list[str] | None:
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        found = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [name for name in found.stdout.decode().split("\0") if name]


def text(root: pathlib.Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8", errors="replace")


def is_in(name: str, folder: str) -> bool:
    """Whether the path lies in the folder, or is it: `engine/base/log.h` is in `engine`, `engine2/x.h` is not."""
    return name == folder or name.startswith(folder + "/")


def report(offences: list[str], what: str) -> None:
    """Prints one line an offence and a closing line; ends the program, with status 1 if there was any."""
    for offence in offences:
        print(offence)
    print(f"{what}: {len(offences)} offence(s)")
    sys.exit(1 if offences else 0)


def main(check, what: str) -> None:
    """Runs `check(root)`, which returns one sentence an offence, on the folder given by --root."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    report(check(parser.parse_args().root), what)

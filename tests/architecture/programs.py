# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Reads which libraries the built programs need, and names each that must not be there.

lectern-parse alone links Poppler, so that a broken document can take nothing else down. And a process that can load
the CUDA plug-in links no GPL library of others, because the two licences do not go together.
"""

import argparse
import pathlib
import re
import subprocess
import sys

import tree

SKIPPED = 77  # ctest shows this exit status as skipped

PARSER = "lectern-parse"
PARSER_ONLY = ["libpoppler", "libpoppler-cpp", "libtesseract", "liblept"]
NOT_IN_PARSER = ["libQt6Gui", "libQt6Widgets", "libsqlite3", "libfaiss"]  # by its own wish, not through others
GPL_LIBRARIES = ["libpoppler", "libpoppler-cpp", "libxapian", "libreadline", "libgsl", "libfftw3", "libmupdf", "libgs"]


def check(programs: dict[str, dict[str, set[str]]]) -> list[str]:
    """`programs`: name -> {"direct": sonames it asks for itself, "all": those and what they ask for in turn}."""
    offences = []
    for name, needs in sorted(programs.items()):
        if name == PARSER:
            offences += [f"{name} links {library}: it reads documents and nothing else"
                         for library in _among(needs["direct"], NOT_IN_PARSER)]
            continue
        offences += [f"{name} links {library}: only {PARSER} may" for library in _among(needs["all"], PARSER_ONLY)]
        offences += [f"{name} links {library}, which is GPL, and can load the CUDA plug-in"
                     for library in _among(needs["all"], GPL_LIBRARIES)]
    return offences


def _among(sonames: set[str], stems: list[str]) -> list[str]:
    """The sonames whose part before `.so`, less a version after a dash, is one of the stems."""
    return sorted(soname for soname in sonames if re.sub(r"(-\d[\d.]*)?\.so.*$", "", soname) in stems)


def read_needs(path: pathlib.Path) -> dict[str, set[str]]:
    readelf = subprocess.run(["readelf", "-d", str(path)], capture_output=True, text=True, check=True).stdout
    ldd = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False).stdout
    direct = set(re.findall(r"\(NEEDED\).*\[(.+?)\]", readelf))
    return {"direct": direct, "all": direct | set(re.findall(r"^\s*(\S+\.so\S*) ", ldd, re.MULTILINE))}


def built_programs(build: pathlib.Path) -> list[pathlib.Path]:
    """The ELF files in bin/ and lib/lectern/ of a build or installed tree."""
    found = [path for folder in ("bin", "lib/lectern") if (build / folder).is_dir()
             for path in sorted((build / folder).iterdir()) if path.is_file()]
    return [path for path in found if path.read_bytes()[:4] == b"\x7fELF"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    programs = built_programs(build)
    if not programs:
        print(f"skipped: no program is built in {build}/bin or {build}/lib/lectern")
        sys.exit(SKIPPED)
    offences = check({path.name: read_needs(path) for path in programs})
    tree.report(offences, f"libraries of {len(programs)} program(s)")


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""What the end-to-end tests share: running lectern-cli in a world of its own, and PDFs made on the spot."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["LECTERN_BIN"])
SOURCE = pathlib.Path(os.environ["LECTERN_SOURCE"])
SAMPLES = SOURCE / "resources" / "samples"


def pdf(pages: list[str]) -> bytes:
    """A PDF of A4 pages in Helvetica; each text's lines one under another. Latin-1 only."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>",
               b"<< /Type /Pages /Kids [" + b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
               + b"] /Count %d >>" % len(pages),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    for i, text in enumerate(pages):
        lines = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in text.split("\n")]
        content = "BT /F1 11 Tf 72 770 Td 15 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        stream = content.encode("latin-1")
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


class Run:
    """A finished command."""

    def __init__(self, status: int, out: str, err: str):
        self.status, self.out, self.err = status, out, err

    def json(self):
        return json.loads(self.out)

    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


class World(unittest.TestCase):
    """Each test has a home of its own, without an encoder, and a library in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lectern-e2e-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.library = self.home / "library"

    def environment(self) -> dict:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("LECTERN_", "XDG_"))}
        return clean | {"HOME": str(self.home)}

    def cli(self, *arguments, **options) -> Run:
        done = subprocess.run([BIN / "lectern-cli", *map(str, arguments)], capture_output=True, env=self.environment(),
                              timeout=120, **options)
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    def add(self, *paths, **options) -> Run:
        return self.cli("library", "add", "--library", self.library, "--json", *paths, **options)

    def documents(self) -> list[dict]:
        return self.cli("library", "list", "--library", self.library, "--json").json()["documents"]

    def ask(self, question: str, *arguments) -> Run:
        return self.cli("ask", "--library", self.library, "--json", *arguments, question)

    def file(self, name: str, content: bytes) -> pathlib.Path:
        path = self.home / name
        path.write_bytes(content)
        return path

    def assert_sound(self):
        verified = self.cli("library", "verify", "--library", self.library, "--json")
        self.assertEqual(verified.json(), {"ok": True, "problems": []})

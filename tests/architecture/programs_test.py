# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

import pathlib
import shutil
import sys
import tempfile
import unittest

import programs


def needs(*direct: str, through: tuple[str, ...] = ()) -> dict[str, set[str]]:
    return {"direct": set(direct), "all": set(direct) | set(through)}


class ProgramsTest(unittest.TestCase):
    def test_programs_as_designed_are_quiet(self):
        self.assertEqual(programs.check({
            "lectern": needs("libQt6Widgets.so.6", "libsqlite3.so.0", through=("libz.so.1",)),
            "lectern-cli": needs("libQt6Core.so.6", "libsqlite3.so.0"),
            "lectern-parse": needs("libpoppler-cpp.so.0", through=("libpoppler.so.126", "libsqlite3.so.0")),
        }), [])

    def test_poppler_in_the_window_is_named_even_through_another_library(self):
        found = programs.check({"lectern": needs("libQt6Widgets.so.6", through=("libpoppler.so.126",))})
        self.assertTrue(any("only lectern-parse may" in line for line in found), found)
        self.assertTrue(any("GPL" in line for line in found), found)

    def test_a_gpl_library_beside_the_cuda_plug_in_is_named(self):
        self.assertEqual(len(programs.check({"lectern-cli": needs("libxapian.so.30")})), 1)
        self.assertEqual(len(programs.check({"liblectern-cuda.so": needs("libxapian-1.5.so.30")})), 1)

    def test_the_parser_links_no_window_and_no_database(self):
        found = programs.check({"lectern-parse": needs("libpoppler-cpp.so.0", "libsqlite3.so.0", "libQt6Gui.so.6")})
        self.assertEqual(len(found), 2, found)

    def test_a_name_that_only_begins_alike_is_another_library(self):
        self.assertEqual(programs.check({"lectern": needs("libgslcblas.so.0", "libgsf-1.so.114")}), [])

    def test_needs_of_a_real_program_are_read_and_scripts_are_passed_over(self):
        with tempfile.TemporaryDirectory() as folder:
            bin_folder = pathlib.Path(folder) / "bin"
            bin_folder.mkdir()
            self.assertEqual(programs.built_programs(pathlib.Path(folder)), [])
            shutil.copy(pathlib.Path(sys.executable).resolve(), bin_folder / "python")
            (bin_folder / "script").write_text("#!/bin/sh\n")
            found = programs.built_programs(pathlib.Path(folder))
            self.assertEqual([path.name for path in found], ["python"])
            self.assertIn("libc.so.6", programs.read_needs(found[0])["direct"])


if __name__ == "__main__":
    unittest.main()

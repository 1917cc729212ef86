# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

import unittest

import licences
from sample_tree import SampleTreeTest

TAG = "SPDX-License-" + "Identifier:"  # in two halves, so that tools do not read these as this file's own lines


class LicencesTest(SampleTreeTest):
    def setUp(self) -> None:
        super().setUp()
        for name in ("Apache-2.0", "GPL-3.0-or-later", "AdditionRef-Lectern-CUDA"):
            self.write(f"LICENSES/{name}.txt", "text")
        self.write("REUSE.toml", f'version = 1\n[[annotations]]\npath = ["*.json", "resources/**"]\n'
                                 f'SPDX-License-Identifier = "{licences.GPL}"\n')
        self.write("engine/a.cpp", f"// {TAG} Apache-2.0\n")
        self.write("app/a.cpp", f"// {TAG} {licences.GPL}\n")
        self.write("README.md", f"<!-- {TAG} {licences.GPL} -->\n")

    def test_a_tree_with_the_right_lines_is_quiet(self):
        self.write("Presets.json", "{}")
        self.write("resources/samples/a.pdf", "%PDF")
        self.assertEqual(licences.check(self.root), [])

    def test_a_file_without_a_line_is_named(self):
        self.write("ui/window.cpp", "int main() {}\n")
        self.assert_one(licences.check(self.root), "ui/window.cpp", "no SPDX line")

    def test_a_line_far_below_the_top_does_not_count(self):
        self.write("ui/window.cpp", "\n" * 40 + f"// {TAG} {licences.GPL}\n")
        self.assert_one(licences.check(self.root), "ui/window.cpp", "no SPDX line")

    def test_the_engine_is_apache_and_the_rest_is_not(self):
        self.write("engine/b.cpp", f"// {TAG} {licences.GPL}\n")
        self.write("ui/b.cpp", f"// {TAG} Apache-2.0\n")
        self.write("engine2/b.cpp", f"// {TAG} Apache-2.0\n")
        self.assertEqual([line.split(":")[0] for line in licences.check(self.root)],
                         ["engine/b.cpp", "engine2/b.cpp", "ui/b.cpp"])

    def test_a_star_in_reuse_toml_stops_at_a_slash(self):
        self.write("docs/a.json", "{}")
        self.assert_one(licences.check(self.root), "docs/a.json")

    def test_a_licence_without_its_text_is_named(self):
        (self.root / "LICENSES/AdditionRef-Lectern-CUDA.txt").unlink()
        self.assert_one(licences.check(self.root), "AdditionRef-Lectern-CUDA.txt", "missing")

    def test_a_damaged_reuse_toml_is_named(self):
        self.write("REUSE.toml", "[[annotations\n")
        self.assert_one(licences.check(self.root), "REUSE.toml")


if __name__ == "__main__":
    unittest.main()

# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

import unittest

import house_keeping
from sample_tree import SampleTreeTest


class HouseKeepingTest(SampleTreeTest):
    def test_a_clean_tree_is_quiet(self):
        self.write("engine/a.cpp", "// Source: arxiv.org/home/abs, ${HOME}/models, build/wo" + "rk/x\n" * house_keeping.LONGEST_FILE)
        self.write("docs/long.md", "a line\n" * 2000)
        self.assertEqual(house_keeping.check(self.root), [])

    def test_a_file_that_grew_too_long_is_named(self):
        self.write("engine/a.cpp", "\n" * (house_keeping.LONGEST_FILE + 1))
        self.assert_one(house_keeping.check(self.root), "engine/a.cpp", "601 lines")

    def test_a_promise_in_a_comment_is_named_with_its_line(self):
        self.write("engine/a.cpp", "int a;\n// TO" + "DO: free it\n")
        self.assert_one(house_keeping.check(self.root), "engine/a.cpp:2")

    def test_a_path_of_one_machine_is_named(self):
        self.write("docs/a.md", "Run it in /ho" + "me/anna/lectern.\n")
        self.assert_one(house_keeping.check(self.root), "docs/a.md:1", "/anna")


if __name__ == "__main__":
    unittest.main()

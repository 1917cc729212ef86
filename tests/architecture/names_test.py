# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

import unittest

import names
from sample_tree import SampleTreeTest


class NamesTest(SampleTreeTest):
    def test_the_same_name_in_two_rooms_is_named_with_both_places(self):
        self.write("ui/turn.h", "namespace lectern {\n\nstruct Turn {\n};\n} // namespace lectern\n")
        self.write("retrieval/chat.h", "namespace lectern {\nclass Turn final : public Base {\n};\n} // namespace lectern\n")
        self.assert_one(names.check(self.root), "lectern::Turn", "ui/turn.h:3", "retrieval/chat.h:2")

    def test_unnamed_and_other_namespaces_and_declarations_are_quiet(self):
        self.write("ui/a.h", "namespace lectern {\nstruct Turn {\n};\n} // namespace lectern\n")
        self.write("ui/b.h", "namespace lectern {\nstruct Turn;\nclass Other;\n} // namespace lectern\n")
        self.write("app/c.cpp", "namespace lectern {\nnamespace {\nstruct Turn {\n};\n} // namespace\n} // namespace lectern\n")
        self.write("app/d.h", "namespace lectern::talk {\nstruct Turn {\n};\n} // namespace lectern::talk\n")
        self.assertEqual(names.check(self.root), [])

    def test_a_type_after_an_unnamed_namespace_counts_again(self):
        self.write("ui/a.cpp", "namespace lectern {\nnamespace {\n} // namespace\nstruct Turn {\n};\n} // namespace lectern\n")
        self.write("app/a.h", "namespace lectern {\nenum class Turn { A };\n} // namespace lectern\n")
        self.assert_one(names.check(self.root), "lectern::Turn")


if __name__ == "__main__":
    unittest.main()

# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

import json
import unittest
from unittest import mock

import samples
from sample_tree import SampleTreeTest

SOURCE = "<!-- licence -->\ntitle: T\nheader: Acme\nfooter: No. 7\n\n!title Warranty\n\nThe warranty is 24 months.\n"
QUESTION = {"question": "How long?", "document": "a.pdf", "page": 1, "answer": "24 months"}


class SamplesTest(SampleTreeTest):
    def setUp(self) -> None:
        super().setUp()
        self.write("tools/samples/a.md", SOURCE)
        self.write("resources/samples/a.pdf")
        self.pages = ["Acme Warranty The warranty is 24 months. No. 7 Page 1 of 1"]

    def check(self, *questions: dict) -> list[str]:
        self.write("tests/data/samples/questions.json", json.dumps({"questions": list(questions)}))
        with mock.patch.object(samples, "read_pages", lambda path: self.pages):
            return samples.check(self.root)

    def test_a_pdf_of_its_source_and_a_right_answer_are_quiet(self):
        self.assertEqual(self.check(QUESTION, {"question": "Why?", "document": None, "page": None, "answer": None}), [])

    def test_a_source_that_changed_after_its_pdf_was_made_is_named(self):
        self.write("tools/samples/a.md", SOURCE.replace("24 months", "36 months"))
        self.assert_one(self.check(), "a.pdf", "36", "make_samples.py")

    def test_a_word_that_only_the_pdf_has_is_named(self):
        self.pages[0] += " draft"
        self.assert_one(self.check(), "draft")

    def test_an_answer_on_another_page_is_named_with_that_page(self):
        self.pages.insert(0, "Acme")
        self.assert_one(self.check(QUESTION), "is not on page 1", "[2]")

    def test_a_question_to_a_document_that_is_not_there_is_named(self):
        self.assert_one(self.check({**QUESTION, "document": "b.pdf"}), "b.pdf")

    def test_a_source_without_pdf_is_named(self):
        self.write("tools/samples/b.md", SOURCE)
        self.assert_one(self.check(), "b: there is a source but no PDF")


if __name__ == "__main__":
    unittest.main()

# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Bad input: a sentence that says which file, what is wrong and what to do; status 1; the library as it was."""

import os
import resource
import signal
import subprocess
import unittest

from world import BIN, SAMPLES, SOURCE, World, pdf


class BadFilesTest(World):
    def assert_refused(self, path, outcome: str, **options):
        before = self.documents() if self.library.exists() else []
        run = self.add(path, **options)
        self.assertEqual(run.status, 1)
        result = run.json()["files"][0]
        self.assertEqual(result["outcome"], outcome)
        self.assertIsNone(result["document"])
        self.assertIn(os.path.basename(path), result["message"])
        self.assertTrue(result["message"].endswith("."))
        self.assertEqual(self.documents(), before)

    def test_files_that_are_no_good_documents_are_refused_each_with_its_outcome(self):
        self.assertEqual(self.add(SAMPLES / "pump-manual.pdf").status, 0)
        good = (SAMPLES / "lettre-assurance.pdf").read_bytes()
        self.assert_refused(self.home / "missing.pdf", "not_found")
        self.assert_refused(self.file("empty.pdf", b""), "damaged")
        self.assert_refused(self.file("head.pdf", good[:40]), "damaged")
        self.assert_refused(self.file("noise.pdf", bytes(range(256)) * 64), "unsupported")
        self.assert_refused(self.file("no-pages.pdf", pdf([])), "damaged")
        self.assert_refused(self.file("blank.pdf", pdf([""])), "empty")
        self.assert_refused(SOURCE / "tests/data/ingest/locked.pdf", "locked")
        self.assert_sound()

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_folder_without_rights_is_refused(self):
        closed = self.home / "closed"
        closed.mkdir(mode=0)
        self.assert_refused(closed, "no_permission")

    def test_a_file_inside_a_folder_is_reported_and_does_not_change_the_status(self):
        folder = self.home / "folder"
        folder.mkdir()
        (folder / "a.pdf").write_bytes(b"nothing")
        (folder / "b.pdf").write_bytes(pdf(["The rent is 900 euros."]))
        run = self.add(folder)
        self.assertEqual(run.status, 0)
        self.assertEqual(len(run.json()["files"]), 2)

    def test_a_page_that_cannot_be_read_is_named_and_the_rest_is_there(self):
        good = pdf([f"Clause {i} costs {i}0 euros." for i in range(1, 6)])
        # The second page's object is no page any more; the length stays, so that all offsets hold. Poppler closes the gap and
        # misses the last page instead.
        start = good.index(b"6 0 obj\n") + len(b"6 0 obj\n")
        end = good.index(b"endobj", start)
        broken = good[:start] + b"(no page)".ljust(end - start - 1) + b"\n" + good[end:]
        run = self.add(self.file("five.pdf", broken))
        self.assertEqual(run.status, 0)
        result = run.json()["files"][0]
        self.assertEqual((result["outcome"], result["pages_text"], result["pages_failed"]), ("partial", 4, 1))
        self.assertRegex(result["message"], r"five\.pdf: page [25] of 5 could not be read")
        text = self.cli("library", "text", "--library", self.library, result["document"]).out
        for clause in (1, 3, 4, 5):
            self.assertIn(f"Clause {clause} costs {clause}0 euros.", text)

    def test_the_same_content_twice_is_a_duplicate_and_the_same_file_unchanged(self):
        path = self.file("a.pdf", pdf(["The rent is 900 euros."]))
        copy = self.file("b.pdf", path.read_bytes())
        outcomes = [self.add(p).json()["files"][0]["outcome"] for p in (path, copy, path)]
        self.assertEqual(outcomes, ["ready", "duplicate", "unchanged"])
        self.assertEqual(len(self.documents()), 1)

    def test_a_file_that_changed_replaces_what_was_read_of_it(self):
        path = self.file("a.pdf", pdf(["The rent is 900 euros."]))
        self.add(path)
        self.file("a.pdf", pdf(["The rent is 1000 euros."]))
        self.assertEqual(self.add(path).json()["files"][0]["outcome"], "ready")
        self.assertEqual(len(self.documents()), 1)
        found = self.cli("search", "--library", self.library, "--json", "rent euros").json()["passages"]
        self.assertEqual([p["text"] for p in found], ["The rent is 1000 euros."])

    def test_what_was_removed_is_nowhere_in_the_folder(self):
        self.add(self.file("a.pdf", pdf(["Zanzibar pays the zeppelin."])))
        self.assertEqual(self.cli("library", "remove", "--library", self.library, 1).status, 0)
        for path in self.library.rglob("*"):
            self.assertNotIn(b"eppelin", path.read_bytes(), path)

    def test_a_full_disk_is_said_and_leaves_the_library_as_it_was(self):
        self.add(SAMPLES / "pump-manual.pdf")
        before = self.documents()
        big = self.file("big.pdf", pdf([f"Page {i} " + "\n".join(f"word{i * 40 + j} " * 9 for j in range(40)) for i in range(400)]))

        def small_files_only():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))

        run = self.add(big, preexec_fn=small_files_only)
        self.assertEqual(run.status, 1)
        self.assertRegex(run.out + run.err, "disk|space|full")
        self.assertEqual([d for d in self.documents() if not d["arriving"]], before)
        self.assertEqual(self.add(big).status, 0)
        self.assert_sound()


class KilledTest(World):
    def test_an_add_that_is_killed_goes_on_where_it_was_and_nothing_is_there_twice(self):
        pages = 300
        path = self.file("long.pdf", pdf([f"Clause {i}\nThe fee of clause {i} is {i} euros." + "\nMore words here." * 30 for i in range(1, pages + 1)]))
        command = [BIN / "lectern-cli", "library", "add", "--library", self.library, path]
        for delay_ms in (20, 60, 120, 200, 300, 400):
            add = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment())
            try:
                add.wait(timeout=delay_ms / 1000)
            except subprocess.TimeoutExpired:
                add.send_signal(signal.SIGKILL)
                add.wait()
        self.assertEqual(self.add(path).status, 0)
        documents = self.documents()
        self.assertEqual([(d["pages"], d["outcome"], d["arriving"]) for d in documents], [(pages, "ready", False)])
        text = self.cli("library", "text", "--library", self.library, documents[0]["id"]).out
        for i in (1, 150, pages):
            self.assertEqual(text.count(f"The fee of clause {i} is {i} euros."), 1)
        self.assert_sound()


class ModelsTest(World):
    def assert_failed(self, model, *parts: str):
        self.add(SAMPLES / "pump-manual.pdf")
        run = self.ask("How heavy?", "--model", model)
        self.assertEqual(run.status, 1)
        event = run.events()[-1]
        self.assertEqual(event["event"], "error")
        for part in parts:
            self.assertIn(part, event["message"])

    def test_a_model_that_is_missing_truncated_or_unknown_is_a_sentence(self):
        self.assert_failed("no-such-model", "no-such-model")
        self.assert_failed(self.home / "gone.gguf", "gone.gguf")
        starter = SOURCE / "resources/starter/starter.gguf"
        with open(starter, "rb") as file:
            self.assert_failed(self.file("cut.gguf", file.read(1 << 20)), "cut.gguf")
        self.assert_failed(self.file("noise.gguf", b"GGUF" + bytes(range(256))), "noise.gguf")
        folder = self.home / "alien"
        folder.mkdir()
        (folder / "config.json").write_text('{"model_type": "perceptron"}')
        self.assert_failed(folder, "perceptron", "granitehybrid")

    def test_wrong_usage_is_status_2(self):
        self.assertEqual(self.cli("library", "fly").status, 2)
        self.assertEqual(self.cli("ask").status, 2)
        self.assertEqual(self.cli("--help").status, 0)

    def test_an_empty_library_and_a_missing_document_are_sentences(self):
        run = self.ask("How heavy?")
        self.assertEqual(run.status, 1)
        self.assertIn("empty", run.events()[-1]["message"])
        self.add(SAMPLES / "pump-manual.pdf")
        self.assertEqual(self.ask("How heavy?", "--whole", "--document", 99).status, 1)

    def test_a_library_that_another_program_writes_to_can_still_be_asked(self):
        self.add(SAMPLES / "pump-manual.pdf")
        import fcntl
        with open(self.library / "library.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("kg", self.ask("How much does the pump weigh?").events()[-1]["text"])
            self.assertEqual(self.add(SAMPLES / "pump-manual.pdf").status, 1)


if __name__ == "__main__":
    unittest.main()

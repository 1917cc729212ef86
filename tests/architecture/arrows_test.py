# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

import unittest

import arrows
from sample_tree import SampleTreeTest


class ArrowsTest(SampleTreeTest):
    def test_a_tree_whose_includes_follow_the_arrows_is_quiet(self):
        self.write("engine/base/log.h", "#include <spdlog/spdlog.h>\n")
        self.write("engine/model/model.h", '#include "engine/base/log.h"\n')
        self.write("ingest/document/document.h", '#include "engine/base/log.h"\n')
        self.write("ingest/pdf/pdf.cpp", '#include <poppler-document.h>\n#include "ingest/document/document.h"\n')
        self.write("ingest/worker/main.cpp", '#include "ingest/pdf/pdf.h"\n')
        self.write("ingest/pdf/pdf.h")
        self.write("retrieval/store/library.cpp", '#include <sqlite3.h>\n#include "ingest/document/document.h"\n')
        self.write("retrieval/dense/index.cpp", "#include <faiss/IndexHNSW.h>\n")
        self.write("app/services/ask.cpp", '#include <QObject>\n#include "engine/model/model.h"\n#include "ask.moc"\n')
        self.write("app/main.cpp", '#include "ui/window.h"\n')
        self.write("ui/window.h", "#include <QtWidgets/QWidget>\n")
        self.assertEqual(arrows.check(self.root), [])

    def test_the_sentence_names_the_file_the_line_and_the_arrow(self):
        self.write("retrieval/store/library.h")
        self.write("engine/model/model.cpp", '// a model\n\n#include "retrieval/store/library.h"\n')
        self.assert_one(arrows.check(self.root), "engine/model/model.cpp:3", "no arrow engine -> retrieval")

    def test_the_three_middle_rooms_do_not_know_each_other(self):
        for room in ("engine", "ingest", "retrieval"):
            self.write(f"{room}/part/door.h")
            others = {"engine", "ingest", "retrieval"} - {room}
            self.write(f"{room}/part/part.cpp", "".join(f'#include "{other}/part/door.h"\n' for other in others))
        self.assertEqual(len(arrows.check(self.root)), 6)

    def test_nothing_below_includes_app_and_the_base_includes_only_itself(self):
        self.write("app/services/ask.h")
        self.write("engine/base/hash.cpp", '#include "engine/model/model.h"\n')
        self.write("engine/model/model.h")
        self.write("ingest/structure/chunker.cpp", '#include "app/services/ask.h"\n')
        self.assertEqual([line.split(": ")[-1] for line in arrows.check(self.root)],
                         ["there is no arrow engine/base -> engine", "there is no arrow ingest -> app"])

    def test_only_app_main_may_include_the_window(self):
        self.write("ui/window.h")
        self.write("app/main.cpp", '#include "ui/window.h"\n')
        self.write("app/services/ask.cpp", '#include "ui/window.h"\n')
        self.assert_one(arrows.check(self.root), "app/services/ask.cpp:1", "no arrow app -> ui")

    def test_the_window_reaches_the_lower_rooms_through_app_only(self):
        self.write("retrieval/search/search.h")
        self.write("ui/window.cpp", '#include "retrieval/search/search.h"\n')
        self.assert_one(arrows.check(self.root), "no arrow ui -> retrieval")

    def test_parsers_are_not_seen_outside_ingest_nor_by_its_structure(self):
        self.write("ingest/pdf/pdf.h")
        self.write("app/services/ingest.cpp", '#include "ingest/pdf/pdf.h"\n')
        self.write("ingest/structure/headings.cpp", '#include "ingest/pdf/pdf.h"\n')
        self.assertEqual([line.split(":")[0] for line in arrows.check(self.root)],
                         ["app/services/ingest.cpp", "ingest/structure/headings.cpp"])

    def test_each_library_is_known_in_its_own_room_only(self):
        for line, folder in [("<QString>", "engine/model"), ("<QtCore/QObject>", "retrieval/search"),
                             ("<sqlite3.h>", "app/services"), ("<faiss/Index.h>", "retrieval/search"),
                             ("<poppler-page.h>", "ingest/structure"), ("<poppler/cpp/poppler-page.h>", "ui"),
                             ("<cuda_runtime.h>", "app/services"), ("<spdlog/spdlog.h>", "ingest/structure"),
                             ("<QTest>", "tests/engine")]:
            with self.subTest(line=line, folder=folder):
                self.write(f"{folder}/bad.cpp", f"#include {line}\n")
                self.assert_one(arrows.check(self.root), f"{folder}/bad.cpp:1", line)
                (self.root / folder / "bad.cpp").unlink()

    def test_an_include_relative_to_its_folder_is_named(self):
        self.write("engine/model/model.h")
        self.write("engine/model/model.cpp", '#include "model.h"\n')
        self.assert_one(arrows.check(self.root), "from the root")

    def test_a_new_folder_with_sources_must_be_given_its_arrows(self):
        self.write("engine/base/log.h")
        self.write("plugins/a.cpp", '#include "engine/base/log.h"\n')
        self.assert_one(arrows.check(self.root), "plugins", "arrows.py")


if __name__ == "__main__":
    unittest.main()

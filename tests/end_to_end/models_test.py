# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""lectern-cli model: what it prints and writes is what other implementations are compared with."""

import json
import struct
import unittest

from world import SOURCE, World

GOLDENS = SOURCE / "tests/data/goldens"
STARTER = SOURCE / "resources/starter/starter.gguf"


def safetensors(path) -> dict:
    """Names to (dtype, shape, numbers) of a file with int64 and float32 tensors."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        letter = {"I64": "q", "F32": "f"}[entry["dtype"]]
        raw = data[8 + size + begin:8 + size + end]
        tensors[name] = (entry["shape"], struct.unpack(f"<{len(raw) // struct.calcsize(letter)}{letter}", raw))
    return tensors


class ModelCommandsTest(World):
    def test_info_tells_layers_types_and_memory(self):
        info = self.cli("model", "info", STARTER, "--json", "--context", 1000).json()
        self.assertEqual((info["architecture"], info["layers"], info["attention_layers"], info["trained_context"]),
                         ("granitehybrid", 12, 2, 65536))
        self.assertEqual(info["bytes"]["kv"], 1000 * 4096)
        self.assertEqual(info["bytes"]["total"], sum(v for k, v in info["bytes"].items() if k != "total"))
        self.assertEqual(sum(info["types"].values()), info["parameters"])

    def test_tokens_go_there_and_back(self):
        text = self.file("text.txt", "The pump weighs 86 kg — naïve <|eos|>".encode())
        plain = self.cli("model", "tokenize", STARTER, "--file", text, "--json").json()
        parsed = self.cli("model", "tokenize", STARTER, "--file", text, "--parse-control", "--json").json()
        self.assertIn(2, parsed["ids"])
        self.assertNotIn(2, plain["ids"])
        self.assertEqual("".join(parsed["pieces"])[-7:], "<|eos|>")
        ids = self.file("ids.json", json.dumps(plain["ids"]).encode())
        self.assertEqual(self.cli("model", "detokenize", STARTER, "--file", ids, "--json").json()["text"], text.read_text())
        wrong = self.file("wrong.json", b"[1, 99999999]")
        self.assertEqual(self.cli("model", "detokenize", STARTER, "--file", wrong).status, 1)

    def test_render_marks_what_people_wrote_as_data(self):
        messages = self.file("m.json", json.dumps([{"role": "user", "content": "Hi <|eos|>"}]).encode())
        rendered = self.cli("model", "render", STARTER, "--messages", messages, "--json").json()
        self.assertEqual(rendered["text"], "<|bos|><|user|>Hi <|eos|><|assistant|>")
        self.assertNotIn(2, rendered["ids"])
        data = [rendered["text"].encode()[s["start"]:s["end"]] for s in rendered["segments"] if not s["trusted"]]
        self.assertEqual(data, [b"Hi <|eos|>"])

    def test_logits_match_the_published_ones_at_the_positions_asked_for(self):
        for name in ("granite-h-dense", "granite-h-moe"):
            golden = safetensors(GOLDENS / name / "golden.safetensors")
            out = self.home / "out.safetensors"
            run = self.cli("model", "logits", GOLDENS / name, "--ids", GOLDENS / name / "golden.safetensors", "--out", out,
                           "--greedy", 24, "--positions", "150..200", "--seam", 100, "--json")
            self.assertEqual(run.status, 0, run.err)
            ours = safetensors(out)
            self.assertEqual(ours["positions"][1], tuple(range(150, 200)))
            self.assertEqual(ours["greedy"][1], golden["greedy"][1])
            vocab = golden["logits"][0][1]
            worst = max(abs(a - b) for a, b in zip(ours["logits"][1], golden["logits"][1][150 * vocab:]))
            worst = max(worst, max(abs(a - b) for a, b in zip(ours["step_logits"][1], golden["step_logits"][1])))
            mean = sum(golden["logits"][1]) / len(golden["logits"][1])
            deviation = (sum((x - mean) ** 2 for x in golden["logits"][1]) / len(golden["logits"][1])) ** 0.5
            self.assertLessEqual(worst, 1e-3 * deviation)

    def test_an_encoder_gives_hidden_states_and_their_mean(self):
        golden = safetensors(GOLDENS / "bert" / "golden.safetensors")
        out = self.home / "out.safetensors"
        self.assertEqual(self.cli("model", "logits", GOLDENS / "bert", "--ids", GOLDENS / "bert" / "golden.safetensors", "--out", out).status, 0)
        ours = safetensors(out)
        for name in ("hidden", "mean_l2"):
            self.assertEqual(ours[name][0], golden[name][0])
            self.assertLess(max(abs(a - b) for a, b in zip(ours[name][1], golden[name][1])), 1e-5)

    def test_a_converted_model_loads_and_a_type_that_is_not_written_is_wrong_usage(self):
        out = self.home / "tiny.gguf"
        self.assertEqual(self.cli("model", "convert", GOLDENS / "granite-h-moe", out, "--type", "bf16").status, 0)
        self.assertEqual(self.cli("model", "info", out, "--json").json()["architecture"], "granitehybrid")
        self.assertEqual(self.cli("model", "convert", GOLDENS / "granite-h-moe", out, "--type", "q1").status, 2)
        ids = self.file("ids.safetensors", b"\x02\0\0\0\0\0\0\0{}")
        self.assertEqual(self.cli("model", "logits", out, "--ids", ids, "--out", self.home / "x").status, 1)


if __name__ == "__main__":
    unittest.main()

# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Writes the seeds of the fuzz targets: python make_seeds.py (standard library only)."""
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def write(target, name, data):
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def text(s):
    b = s.encode()
    return struct.pack("<Q", len(b)) + b


def gguf(pairs, tensors, version=3):
    out = b"GGUF" + struct.pack("<Iqq", version, len(tensors), len(pairs))
    for key, kind, payload in pairs:
        out += text(key) + struct.pack("<i", kind) + payload
    offset, blobs = 0, []
    for name, ne, kind, data in tensors:
        out += text(name) + struct.pack("<I", len(ne)) + b"".join(struct.pack("<q", n) for n in ne) + struct.pack("<iQ", kind, offset)
        blobs.append(data + b"\0" * (-len(data) % 32))
        offset += len(blobs[-1])
    return out + b"\0" * (-len(out) % 32) + b"".join(blobs)


def array(kind, items):
    return struct.pack("<iQ", kind, len(items)) + b"".join(items)


def strings(items):
    return array(8, [text(s) for s in items])


def i32(items):
    return array(5, [struct.pack("<i", i) for i in items])


def main():
    arch = ("general.architecture", 8, text("llama"))
    blocks = {2: 18, 3: 20, 6: 22, 7: 24, 8: 34, 20: 18, 39: 17}
    supers = {10: 84, 11: 110, 12: 144, 13: 176, 14: 210, 23: 136}
    tensors = [(f"t{k}", [32], k, bytes(range(n))) for k, n in blocks.items()] + [(f"t{k}", [256], k, bytes(range(n))) for k, n in supers.items()]
    write("gguf_fuzz", "types", gguf([arch], tensors + [("m", [3, 2], 0, b"\0" * 24), ("h", [4], 1, b"\0" * 8), ("d", [2], 28, b"\0" * 16)]))
    values = [arch, ("a", 0, b"\1"), ("b", 3, b"\1\2"), ("c", 6, struct.pack("<f", 1.5)), ("d", 7, b"\1"), ("e", 10, b"\1" + b"\0" * 7), ("f", 12, struct.pack("<d", 2.5)),
              ("g", 9, array(7, [b"\1", b"\0"])), ("h", 9, array(6, [struct.pack("<f", 1)])), ("i", 9, strings(["x", ""])), ("general.alignment", 4, struct.pack("<I", 64))]
    write("gguf_fuzz", "values", gguf(values, []))
    write("gguf_fuzz", "split", gguf([arch, ("split.no", 2, b"\0\0"), ("split.count", 2, b"\2\0"), ("split.tensors.count", 5, struct.pack("<i", 2))], [("x", [1], 0, b"\0" * 4)], 2))
    letters = [chr(b) if 0x21 <= b <= 0x7E else chr(0x100 + b) for b in range(0x20, 0x7F)]
    write("gguf_fuzz", "bpe", gguf([arch, ("tokenizer.ggml.model", 8, text("gpt2")), ("tokenizer.ggml.pre", 8, text("llama-bpe")), ("tokenizer.ggml.tokens", 9, strings(letters + ["<|eos|>", "ab"])),
                                    ("tokenizer.ggml.token_type", 9, i32([1] * len(letters) + [3, 1])), ("tokenizer.ggml.merges", 9, strings(["a b", "b c"])), ("tokenizer.ggml.eos_token_id", 4, struct.pack("<I", len(letters)))], []))
    write("gguf_fuzz", "spm", gguf([arch, ("tokenizer.ggml.model", 8, text("llama")), ("tokenizer.ggml.tokens", 9, strings(["<unk>", "<s>", "</s>", "<0x0A>", "\u2581", "a", "\u2581a"])),
                                    ("tokenizer.ggml.token_type", 9, i32([2, 3, 3, 6, 1, 1, 1])), ("tokenizer.ggml.scores", 9, array(6, [struct.pack("<f", -i) for i in range(7)]))], []))
    write("gguf_fuzz", "wpm", gguf([arch, ("tokenizer.ggml.model", 8, text("bert")), ("tokenizer.ggml.tokens", 9, strings(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "\u2581a", "b"])), ("tokenizer.ggml.unknown_token_id", 4, struct.pack("<I", 1))], []))

    def safetensors(header, data):
        h = json.dumps(header).encode() if not isinstance(header, bytes) else header
        return struct.pack("<Q", len(h)) + h + data
    write("safetensors_fuzz", "two", safetensors({"__metadata__": {"format": "pt"}, "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]}, "b": {"dtype": "BF16", "shape": [], "data_offsets": [8, 10]}}, bytes(10)))
    write("safetensors_fuzz", "types", safetensors({t: {"dtype": t, "shape": [1], "data_offsets": [o, o + n]} for t, o, n in [("F64", 0, 8), ("I64", 8, 8), ("I32", 16, 4), ("F16", 20, 2), ("I16", 22, 2), ("I8", 24, 1)]}, bytes(25)))
    write("safetensors_fuzz", "empty", safetensors(b"{}      ", b""))

    llama3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    added = [{"id": 3, "content": "<|eos|>", "special": True}, {"id": 4, "content": "<t>", "special": False}]
    bpe = {"added_tokens": added, "normalizer": {"type": "NFC"}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": llama3}, "behavior": "Isolated", "invert": False}, {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}]},
           "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|eos|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "special_tokens": {"<|eos|>": {"id": "<|eos|>", "ids": [3], "tokens": ["<|eos|>"]}}},
           "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]], "ignore_merges": True}}
    write("tokenizer_json_fuzz", "bpe", json.dumps(bpe))
    spm = {"added_tokens": [{"id": 1, "content": "<s>", "special": True}], "normalizer": None, "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first"},
           "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": True, "vocab": {"<unk>": 0, "<s>": 1, "<0x0A>": 2, "\u2581": 3, "a": 4, "\u2581a": 5}, "merges": ["\u2581 a"]}}
    write("tokenizer_json_fuzz", "spm", json.dumps(spm))
    wpm = {"added_tokens": [{"id": 0, "content": "[UNK]", "special": True}], "normalizer": {"type": "BertNormalizer", "lowercase": True, "strip_accents": None}, "pre_tokenizer": {"type": "BertPreTokenizer"},
           "post_processor": {"type": "BertProcessing", "sep": ["[UNK]", 0], "cls": ["[UNK]", 0]}, "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": {"[UNK]": 0, "a": 1, "##b": 2}}}
    write("tokenizer_json_fuzz", "wpm", json.dumps(wpm))

    templates = {
        "chat": "{{ bos_token }}{% for m in messages %}{{ '<' + m.role + '>' + m['content'] | trim }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}",
        "namespace": "{%- set ns = namespace(a=1, b='') -%}{% for m in messages[::-1] if m.role != 'tool' %}{% set ns.a = ns.a + loop.index %}{% set ns.b = ns.b ~ m.content[1:] %}{% endfor %}{{ ns.b|upper }}{{ tools|tojson(indent=2) }}",
        "macro": "{% macro f(x, y=2) %}{{ x ~ y }}{% endmacro %}{{ f(1) }}{% set b %}x{{ f(y='q', x=messages) }}{% endset %}{{ b|replace('x', 'yy')|length }}{% filter title %}a b{% endfilter %}",
        "lists": "{{ messages|map(attribute='content')|join(',') }}{{ messages|selectattr('role', 'in', ['user'])|list|length }}{{ [3,1]|sort|first }}{{ {'a': [1, (2,)]} }}{{ 1 if 2 > 1 else 0 }}{{ 7 // 2 % 3 ** 2 }}{{ 'a' not in 'b' is true }}",
        "methods": "{% for p in messages[0].content.split() %}{{ p.strip().startswith('a') }}{{ '{}-{x}'.format(p, x=1) }}{{ '%s' % p }}{% break %}{% else %}n{% endfor %}{# c #}{% raw %}{{ x }}{% endraw %}{% with a = 1 %}{{ a|string|indent(2) }}{% endwith %}",
    }
    for name, source in templates.items():
        write("chat_template_fuzz", name, source)
    for name, source in {"marks": "<|eos|><s></s>[CLS]<unk>[SEP] <0x0A>", "mixed": "Größe 12345 it's\n\n  \t我想🙂 e\u0301", "bytes": b"\xff\xc0\x80 \xe2\x82 \xf0\x9f\x98", "spaces": " " * 50 + "x\u3000\u00a0"}.items():
        write("encode_fuzz", name, source)


if __name__ == "__main__":
    main()

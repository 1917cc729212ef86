# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Trims real vocabularies to what their test inputs can touch.

    pip install gguf; python trim.py FOLDER

FOLDER holds NAME.gguf, NAME.gguf.inp (inputs, separated by a line __ggml_vocab_test__) and NAME.gguf.out (expected ids,
one line a case). Writes NAME.gguf, NAME.gguf.inp and NAME.gguf.out beside this script. Ids keep their order but become
dense; .out is renumbered. A token is kept if it is special, a single byte, or its text occurs in an input: no other token
can take part in encoding the inputs.
"""
import pathlib
import sys
import unicodedata

import gguf

HERE = pathlib.Path(__file__).parent
BYTES = [b for b in range(256) if 0x21 <= b <= 0x7E or 0xA1 <= b <= 0xAC or b >= 0xAE]
LETTERS = {b: chr(b) for b in BYTES} | {b: chr(0x100 + i) for i, b in enumerate(b for b in range(256) if b not in BYTES)}


def appearing(model, text):
    """The input as the vocabulary spells it."""
    if model == "gpt2":
        return "".join(LETTERS[b] for b in text.encode())
    if model == "llama":
        return ("\n" + text).replace("\n", "\n\u2581").replace(" ", "\u2581") + text.replace(" ", "\u2581")
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").lower()


def trim(path):
    reader = gguf.GGUFReader(path)
    field = lambda name: reader.fields["tokenizer.ggml." + name].contents() if "tokenizer.ggml." + name in reader.fields else None
    model, tokens, kinds = field("model"), field("tokens"), field("token_type")
    inputs = pathlib.Path(str(path) + ".inp").read_bytes().decode()
    text = appearing(model, inputs)
    spelled = (lambda t: t.removeprefix("\u2581")) if model == "bert" else (lambda t: t)
    kept = [i for i, t in enumerate(tokens) if kinds[i] != 1 or len(t) == 1 or spelled(t) in text]
    dense = {old: new for new, old in enumerate(kept)}

    writer = gguf.GGUFWriter(HERE / path.name, reader.fields["general.architecture"].contents())
    writer.add_string("general.name", path.stem + ", trimmed")
    for key, value in reader.fields.items():
        if not key.startswith("tokenizer.ggml."):
            continue
        name, content = key.removeprefix("tokenizer.ggml."), value.contents()
        if name == "tokens":
            writer.add_token_list([tokens[i] for i in kept])
        elif name == "token_type":
            writer.add_token_types([kinds[i] for i in kept])
        elif name == "scores":
            writer.add_token_scores([content[i] for i in kept])
        elif name == "merges":
            texts = {tokens[i] for i in kept}
            writer.add_token_merges([m for m in content if "".join(m.split(" ", 1)) in texts])
        elif name.endswith("_token_id"):
            writer.add_uint32(key, dense[content])
        elif isinstance(content, bool):
            writer.add_bool(key, content)
        elif isinstance(content, str):
            writer.add_string(key, content)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    expected = pathlib.Path(str(path) + ".out").read_text().splitlines()
    lines = [" ".join(str(dense[int(i)]) for i in line.split()) for line in expected]
    (HERE / (path.name + ".out")).write_text("".join(f" {line}\n" if line else "\n" for line in lines))
    (HERE / (path.name + ".inp")).write_bytes(inputs.encode())
    print(path.name, len(tokens), "->", len(kept), "tokens")


if __name__ == "__main__":
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.gguf")):
        trim(path)

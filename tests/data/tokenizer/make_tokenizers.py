# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA
"""Trains small tokenizers of every kind we import and records what the reference library makes of some texts.

    pip install tokenizers==0.23.3; python make_tokenizers.py [tokenizer.json of a real model]

Writes NAME/tokenizer.json, NAME/cases.json ([{"text", "ids"}]) and pre_tokenizers.json
([{"passes", "ignore_merges", "text", "pieces"}]) beside this script. With an argument it prints cases for that file instead.
"""
import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
CORPUS = [
    "The pump is rated for 1250 litres an hour; its housing weighs 86 kg and doesn't need a base of concrete.",
    "We're sure they've read it, I'll say, and you'd agree that it's THE END of what we can't know. HTTPServer, camelCase.",
    "def area(width, height):\n    return width * height  # in m²\n\n\nclass Box:\n\tpass\r\n",
    "Größe und Übermut: schöne Füße. L'été, où êtes-vous, naïve façade? Ça coûte 3,50 €.",
    "Это предложение написано по-русски. Αυτή η πρόταση είναι στα ελληνικά. هذه جملة قصيرة. यह एक वाक्य है।",
    "我想在这里工作。日本語の文です。한국어 문장입니다. ภาษาไทย",
    "Emoji: 🙂🚀 👩‍🔬 and ½ Ⅳ ² marks; dashes – — … «quotes» “so” ‘said’ $5 <b>tag</b> a_b a+b=c `x` ~ ^ |",
] * 3
TEXTS = [
    "", " ", "  ", "   x", "x   ", "\t\tx\n", "\n\n \n  x", "a\r\nb\r\n\r\n", "Hello, world!", " Hello  world", "it's IT'S we'Ve a'lL 'D",
    "don’t", "1 12 123 1234 12345 1234567", "x1y22z333", "camelCase HTTPServer ÉTÉ été Ünder", "e\u0301te\u0301 u\u0308ber", "naïve façade",
    "我想在这里工作123天～", "日本語の文です。", "한국어 문장입니다", "यह एक वाक्य है।", "ภาษาไทย", "Это 12-й день", "\u00a0x\u00a0\u3000y\u2003z", "a\u180eb \u180e c",
    "🙂🚀👩‍🔬🏳️‍🌈", "def area(w):\n    return w*w  # m²\n", "$5+3=8 <b>~`^|</b> a_b", "½ Ⅳ ² ³ ٣ ४", "\u017f 'ſ 's", "x" * 70, " " * 40 + "y",
    "tabs\tand\x0bvt\x0cff\x85nel", "\u200bzero\u200dwidth\ufeff", "İstanbul ıSPARTA ß ẞ Σς", "a\u0300\u0301b", "The pump weighs 86 kg [2].", "....!!!???", "a/b//c\n/\n//",
]
NAMED = {"<|bos|>": True, "<|eos|>": True, "<think>": False}
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CL = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|%s| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA3, QWEN2 = CL % r"\p{N}{1,3}", CL % r"\p{N}"
QWEN35 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
UP, LOW, END = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LETTER = r"[^\r\n\p{L}\p{N}]?"
SUFFIX = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
TEKKEN = f"{LETTER}{UP}*{LOW}+|{LETTER}{UP}+{LOW}*|\\p{{N}}{END}"
GPT4O = f"{LETTER}{UP}*{LOW}+{SUFFIX}|{LETTER}{UP}+{LOW}*{SUFFIX}|\\p{{N}}{{1,3}}{END}"
PASSES = {
    "llama-bpe": [LLAMA3], "qwen2": [QWEN2], "qwen35": [QWEN35], "gpt-2": [GPT2], "starcoder": [r"\p{N}", GPT2],
    "tekken": [TEKKEN], "gpt-4o": [GPT4O],
    "deepseek-coder": [r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", "[一-龥ࠀ-一가-퟿]+", r"\p{N}"],
    "falcon": [r"[\p{P}\$\+<=>\^~\|`]+", GPT2, "[0-9][0-9][0-9]"],
    "default": [r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"],
}


def split(regex):
    return pre_tokenizers.Split(Regex(regex), "isolated")


def byte_level(parts, normalizer=None, ignore_merges=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(parts) if len(parts) > 1 else parts[0]
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def regexes(passes):
    return [split(p) for p in passes] + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]


def sentence_piece(legacy):
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=620, special_tokens=special, limit_alphabet=120, show_progress=False)
    # Merges inside words only, as SentencePiece makes them.
    keep = tokenizer.pre_tokenizer
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always" if legacy else "first")
    normalizer, tokenizer.normalizer = tokenizer.normalizer, normalizers.Sequence([])
    tokenizer.train_from_iterator(CORPUS, trainer)
    spec = json.loads(tokenizer.to_str())
    spec["normalizer"] = json.loads(normalizer.__getstate__()) if legacy else None
    spec["pre_tokenizer"] = None if legacy else json.loads(keep.__getstate__())
    spec["added_tokens"] = [t for t in spec["added_tokens"] if not t["content"].startswith("<0x")]
    spec["post_processor"] = json.loads(
        processors.TemplateProcessing(single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]).__getstate__())
    return Tokenizer.from_str(json.dumps(spec))


def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=420, special_tokens=special, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


def write(name, tokenizer, named=True):
    if named:
        for text, special in NAMED.items():
            token = AddedToken(text, special=special, normalized=False)
            tokenizer.add_special_tokens([token]) if special else tokenizer.add_tokens([token])
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    spec = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(spec, ensure_ascii=False))
    (folder / "cases.json").write_text(json.dumps(cases(tokenizer), ensure_ascii=False))


def cases(tokenizer):
    texts = TEXTS + ["<|bos|>Hello<|eos|> world<|bos|>", "<s>Hello</s> world<s> x", "[CLS]Hello [MASK] world[SEP]"]
    encode = lambda text, special: tokenizer.encode(text, add_special_tokens=special).ids
    return [{"text": t, "ids": encode(t, False), "with_special": encode(t, True)} for t in texts]


def pre_tokenizer_cases():
    rows = []
    for name, passes in PASSES.items():
        cut = pre_tokenizers.Sequence([split(p) for p in passes])
        rows.append({"pre": name, "texts": [{"text": t, "pieces": [p for p, _ in cut.pre_tokenize_str(t)]} for t in TEXTS]})
    return rows


def main():
    if len(sys.argv) > 1:
        print(json.dumps(cases(Tokenizer.from_file(sys.argv[1])), ensure_ascii=False))
        return
    random.seed(7)
    write("llama3", byte_level(regexes([LLAMA3]), ignore_merges=True))
    write("dbrx", byte_level(regexes([LLAMA3])))
    write("qwen2", byte_level(regexes([QWEN2]), normalizers.NFC()))
    write("gpt2", byte_level([pre_tokenizers.ByteLevel(add_prefix_space=False)]))
    write("starcoder", byte_level([pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(add_prefix_space=False)]))
    write("spm-legacy", sentence_piece(True), named=False)
    write("spm-first", sentence_piece(False), named=False)
    write("bert-uncased", word_piece(True), named=False)
    write("bert-cased", word_piece(False), named=False)
    (HERE / "pre_tokenizers.json").write_text(json.dumps(pre_tokenizer_cases(), ensure_ascii=False))


if __name__ == "__main__":
    main()

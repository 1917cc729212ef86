#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Makes the README's pictures: the real window on the sample documents, asked a question. Needs ./test.sh to have built.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release
mkdir -p "$root/docs/screenshots"
LECTERN_SCREENSHOTS=$root/docs/screenshots LECTERN_LIBEXEC=$build/lib/lectern QT_QPA_PLATFORM=offscreen \
    "$build/tests/end_to_end_window" a_dropped_folder_is_asked_and_the_citation_opens_the_page
for picture in "$root"/docs/screenshots/*.png; do
    if command -v convert > /dev/null; then
        convert "$picture" -strip +dither -colors 256 "PNG8:$picture"
    fi
done
ls -l "$root/docs/screenshots"

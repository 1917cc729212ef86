#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Installs what is missing, builds, and shows Lectern at work on the sample documents.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$root/build/release/bin
library=$root/build/demo-library
question='How long is the warranty period?'

usage() {
    cat <<'TEXT'
Usage: ./run.sh [--demo] [--help]

Installs what is missing, builds into build/release, reads the sample documents into build/demo-library, and opens
the window on them. Without a display it asks a question in the terminal instead and prints the answer with its sources.

  --demo    in the terminal, even where there is a display
  --help    this text
TEXT
}

demo=false
for argument in "$@"; do
    case $argument in
        --demo) demo=true ;;
        --help | -h)
            usage
            exit 0
            ;;
        *)
            printf 'run.sh does not know the option %s.\n\n' "$argument" >&2
            usage >&2
            exit 2
            ;;
    esac
done

"$root/installer/setup.sh"

"$bin/lectern-cli" library add --library "$library" "$root"/resources/samples/*.pdf
if [[ $demo == false && -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    exec "$bin/lectern" --library "$library"
fi

printf '\nQuestion: %s\n\n' "$question"
"$bin/lectern-cli" ask --library "$library" "$question"
printf '\nAsk your own: %s ask --library %s "..."\n' "$(realpath --relative-to="$PWD" "$bin/lectern-cli")" \
    "$(realpath --relative-to="$PWD" "$library")"

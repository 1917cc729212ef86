#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# The long checks, by hand: sanitizers over every test, clang-tidy over every file, fuzzing. Stops for nothing; the last
# lines say what each part found, and the exit status is 1 if any found something. Record them in docs/nightly.md.
#
#   tests/nightly.sh [PART]... [--fuzz-minutes N]      parts: asan tsan tidy fuzz shell; all if none is named

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

fuzz_minutes=5
parts=()
while (($# > 0)); do
    case $1 in
        asan | tsan | tidy | fuzz | shell) parts+=("$1") ;;
        --fuzz-minutes)
            if [[ ! ${2:-} =~ ^[1-9][0-9]*$ ]]; then
                echo "--fuzz-minutes needs a number of minutes, per target." >&2
                exit 2
            fi
            fuzz_minutes=$2
            shift
            ;;
        *)
            sed -n '/^#   tests/s/^# *//p' "$0" >&2
            exit 2
            ;;
    esac
    shift
done
if ((${#parts[@]} == 0)); then parts=(asan tsan tidy fuzz shell); fi

# Builds a sanitizer preset and runs its tests; a fault of any sanitizer fails the test that met it.
sanitizer() {
    installer/build.sh "$1" || return 1
    ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
        TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1 ctest --preset "$1" -j "$(nproc)" --timeout 1200
}

tidy() {
    installer/build.sh release || return 1
    git ls-files 'engine/*.cpp' 'ingest/*.cpp' 'retrieval/*.cpp' 'app/*.cpp' 'ui/*.cpp' |
        xargs -P "$(nproc)" -n 4 clang-tidy -p build/release --quiet --warnings-as-errors='*' \
            --extra-arg=-Wno-unknown-warning-option
}

# Fuzz targets are the programs that the asan preset puts into build/asan/fuzz, each with tests/fuzz/corpus/<name>.
fuzz() {
    local target name status=0
    installer/build.sh asan || return 1
    for target in build/asan/fuzz/*; do
        if [[ ! -x $target ]]; then
            echo "There is no fuzz target in build/asan/fuzz."
            return 1
        fi
        name=$(basename "$target")
        mkdir -p "build/fuzz-corpus/$name" "build/fuzz-findings"
        "$target" -max_total_time=$((fuzz_minutes * 60)) -artifact_prefix="build/fuzz-findings/$name-" \
            "build/fuzz-corpus/$name" "tests/fuzz/corpus/$name" || status=1
    done
    return "$status"
}

shell() { git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck; }

run_part() {
    case $1 in
        asan | tsan) sanitizer "$1" ;;
        tidy) tidy ;;
        fuzz) fuzz ;;
        shell) shell ;;
    esac
}

installer/install_packages.sh build run test by-hand
verdicts=()
failed=0
for part in "${parts[@]}"; do
    printf '\n== %s\n' "$part"
    started=$SECONDS
    if run_part "$part"; then verdict=clean; else verdict=found; fi
    if [[ $verdict == found ]]; then failed=1; fi
    verdicts+=("$(printf '%-6s %-6s %5d s' "$part" "$verdict" $((SECONDS - started)))")
done
printf '\n== Result for %s\n' "$(git describe --always --dirty)"
printf '%s\n' "${verdicts[@]}"
exit "$failed"

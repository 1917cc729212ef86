#!/bin/sh
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# A remote GPU machine gets a copy of the checkout: tracked files and untracked ones that git does not ignore, 64 MiB at
# most. This prints what that copy weighs, and thins the checkout while such a call runs.
#
#   tools/device_tree.sh                     what the tree weighs now, and its largest files
#   tools/device_tree.sh thin                leave the starter's weights and large test data out (sparse checkout)
#   tools/device_tree.sh full                bring them back
#   tools/device_tree.sh stage BUILD FOLDER  pack the plug-in and the CUDA tests of a build folder, stripped, as
#                                            FOLDER/cuda.tar.gz; FOLDER is an ignored one that the call carries
set -eu
limit_mib=64
stage_limit_mib=40
cd "$(git rev-parse --show-toplevel)"

weigh() { # reads zero-ended names; prints the bytes of those that exist
    xargs -0 -r stat -c '%s' 2>/dev/null | awk '{ sum += $1 } END { printf "%d\n", sum }'
}

case "${1:-weigh}" in
weigh)
    bytes=$(git ls-files -z --cached --others --exclude-standard | weigh)
    echo "The tree that travels: $((bytes / 1048576)) MiB of $limit_mib (carried folders come on top)."
    echo "Its largest files:"
    git ls-files -z --cached --others --exclude-standard | xargs -0 -r stat -c '%s %n' 2>/dev/null | sort -rn | head -8 |
        awk '{ size = $1; sub(/^[0-9]+ /, ""); printf "%8.1f MiB  %s\n", size / 1048576, $0 }'
    if [ "$bytes" -gt $((limit_mib * 1048576)) ]; then
        echo "It is too large: run tools/device_tree.sh thin, and full afterwards." >&2
        exit 1
    fi
    ;;
thin)
    if [ -n "$(git status --porcelain -- resources/starter tests/data)" ]; then
        echo "device_tree.sh: commit the changes in resources/starter and tests/data first." >&2
        exit 1
    fi
    git sparse-checkout set --no-cone '/*' '!/resources/starter/*.gguf' '!/tests/data/large/'
    "$0" weigh
    ;;
full)
    git sparse-checkout disable
    ;;
stage)
    build=${2:?the build folder} to=${3:?the folder to fill}
    pack=$(mktemp -d)
    trap 'rm -rf "$pack"' EXIT
    mkdir -p "$to" "$pack/tests" "$pack/lib/lectern"
    strip -o "$pack/lib/lectern/liblectern-cuda.so" "$build/lib/lectern/liblectern-cuda.so"
    for program in cuda_kernels_test cuda_golden_test cuda_bench; do
        strip -o "$pack/tests/$program" "$build/tests/$program"
    done
    tar -czf "$to/cuda.tar.gz" -C "$pack" tests lib
    bytes=$(find "$to" -type f -print0 | weigh)
    echo "$to: $((bytes / 1048576)) MiB of $stage_limit_mib. There, from the root of the tree:"
    echo "  mkdir /tmp/l && tar xzf $to/cuda.tar.gz -C /tmp/l"
    echo "  LECTERN_GOLDENS=tests/data/goldens /tmp/l/tests/cuda_golden_test"
    [ "$bytes" -le $((stage_limit_mib * 1048576)) ]
    ;;
*)
    sed -n '5,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac

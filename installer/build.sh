#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Configures and builds a preset. Says nothing when there is nothing to do; shows ninja's progress otherwise.
#
#   installer/build.sh [PRESET [TARGET...]]      release if none is named; everything if no target is

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${1:-release}
targets=("${@:2}")
folder=$root/build/$preset
cd "$root"

# One compiler for each core, but at most one for each 2 GB of memory: some files take that much.
jobs_allowed() {
    local cores memory_kb limit
    cores=$(nproc)
    memory_kb=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
    limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
    if [[ $limit =~ ^[0-9]+$ ]] && ((limit / 1024 < memory_kb)); then memory_kb=$((limit / 1024)); fi
    local by_memory=$((memory_kb / 2000000))
    if ((by_memory < 1)); then by_memory=1; fi
    echo $((cores < by_memory ? cores : by_memory))
}

configure() {
    local -a fresh=()
    # A build folder that came along with a copied or moved checkout points at the old place.
    if [[ -f $folder/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
        fresh=(--fresh)
    fi
    mkdir -p "$folder"
    echo "Configuring build/$preset ..." >&2
    if ! cmake "${fresh[@]}" --preset "$preset" >"$folder/configure.log" 2>&1; then
        cat "$folder/configure.log" >&2
        echo "CMake could not configure build/$preset; its own words are above." >&2
        return 1
    fi
    sed -n 's/^-- \(CUDA plug-in: .*\)/\1/p' "$folder/configure.log" >&2
}

if [[ ! -f $folder/build.ninja || CMakePresets.json -nt $folder/build.ninja ]] ||
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    configure
fi

if ! ninja -C "$folder" -n "${targets[@]}" 2>/dev/null | grep -q 'no work to do'; then
    echo "Building build/$preset with $(jobs_allowed) compiler(s) at a time ..." >&2
    cmake --build --preset "$preset" -j "$(jobs_allowed)" ${targets[@]+--target "${targets[@]}"} >&2
fi

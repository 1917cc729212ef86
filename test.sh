#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Installs what is missing, builds, and runs every test. Arguments go to ctest: ./test.sh -R tokenizer
# With CI=true it also builds what reads bytes from outside with the address sanitizer and tests that.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$root/installer/setup.sh" test
cd "$root"
if [[ ${CI:-} == true ]]; then
    outside=(formats_test gguf_fuzz safetensors_fuzz protocol_test parse_process_test)
    "$root/installer/build.sh" asan "${outside[@]}" lectern-parse lectern-parse-faulty
    ctest --preset asan -R "^($(IFS='|' && echo "${outside[*]}"))\$"
fi
exec ctest --preset release -j "$(nproc)" "$@"

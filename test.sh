#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Installs what is missing, builds, and runs every test. Arguments go to ctest: ./test.sh -R tokenizer

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
"$root/installer/setup.sh" test
cd "$root"
exec ctest --preset release -j "$(nproc)" "$@"

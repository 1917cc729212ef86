#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Brings a checkout to the point where it can run: packages, then the build, then the models.
# Says nothing and does nothing where all is there. Called by run.sh and test.sh.
#
#   installer/setup.sh [SECTION]...     sections of installer/packages/*.txt beside build and run (test, by-hand)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

"$root/installer/install_packages.sh" build run "$@"
"$root/installer/build.sh"
"$root/installer/fetch_encoder.sh"

#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# The two commands of the README in a bare Debian 12: what set-up forgets to install shows here and nowhere else. By hand, as
# root, with debootstrap; about half an hour and 6 GB. Usage: tests/fresh_root.sh [FOLDER]

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bare=${1:-$root/build/fresh-root}

if [[ $EUID -ne 0 ]] || ! command -v debootstrap > /dev/null; then
    echo 'tests/fresh_root.sh needs root and the package debootstrap.' >&2
    exit 2
fi

mirror=$(grep -hoE '(https?|file)://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null | head -n 1 || true)
if [[ ! -e $bare/etc/debian_version ]]; then
    debootstrap --variant=minbase bookworm "$bare" ${mirror:+"${mirror% }"}
fi
# The machine's own way to packages: sources, proxies, certificates, pip's settings.
cp -a /etc/apt/. "$bare/etc/apt/"
cp /etc/resolv.conf "$bare/etc/resolv.conf"
cp /etc/hosts "$bare/etc/hosts"
for settings in /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    [[ ! -e $settings ]] || install -D "$settings" "$bare$settings"
done

rm -rf "$bare/opt/lectern"
git clone --quiet "$root" "$bare/opt/lectern"
mounted() { mountpoint --quiet "$bare/$1"; }
mounted proc || mount -t proc proc "$bare/proc"
mounted dev || mount --bind /dev "$bare/dev"
trap 'umount "$bare/proc" "$bare/dev"' EXIT

inside() { chroot "$bare" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true "$@"; }
inside /opt/lectern/test.sh
inside /opt/lectern/run.sh --demo

#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Lectern developers
# SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA

# Installs the system packages that are missing, and says which and why before it asks for anything.
# Nothing missing: says nothing, does nothing.
#
#   installer/install_packages.sh SECTION...     sections of installer/packages/<distribution>.txt

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

# Prints the list file of this distribution; fails with a sentence where there is none.
list_file() {
    local release=${LECTERN_OS_RELEASE:-/etc/os-release} id='' version='' name='this system'
    if [[ -r $release ]]; then
        # shellcheck disable=SC1090
        IFS=$'\t' read -r id version name < <(. "$release" && printf '%s\t%s\t%s\n' "${ID:-?}" "${VERSION_ID:-?}" "${PRETTY_NAME:-this system}")
    fi
    local file=$root/installer/packages/$id-$version.txt
    if [[ ! -f $file ]] || ! command -v dpkg-query >/dev/null; then
        say "Set-up knows the packages of Debian 12 (tested) and Ubuntu 24.04 (untested), not those of $name."
        say "It goes on and hopes that they are there; if the build misses one, installer/packages/debian-12.txt says what is needed and why."
        return 1
    fi
    printf '%s\n' "$file"
}

# Prints "name<tab>reason" for each package of the given sections.
wanted() {
    local file=$1
    shift
    awk -v sections=" $* " '
        /^#/ || NF == 0 { next }
        /^\[/ { inside = index(sections, " " substr($1, 2, length($1) - 2) " ") > 0; next }
        inside { name = $1; $1 = ""; sub(/^ +/, ""); print name "\t" $0 }' "$file"
}

# Reads "name<tab>reason" and prints those lines whose package is not installed.
missing() {
    local lines=$1 installed
    # shellcheck disable=SC2016  # dpkg-query fills these in, not the shell
    installed=$(cut -f1 <<<"$lines" | xargs dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null || true)
    awk -F '\t' 'NR == FNR { split($0, part, " "); if (part[2] == "installed") have[part[1]] = 1; next } !($1 in have)' \
        <(printf '%s\n' "$installed") <(printf '%s\n' "$lines")
}

main() {
    local file lines lacking
    file=$(list_file) || return 0
    lines=$(wanted "$file" "$@")
    lacking=$(missing "$lines")
    if [[ -z $lacking ]]; then return 0; fi

    local -a names as_root=()
    mapfile -t names < <(cut -f1 <<<"$lacking")
    say "Lectern needs ${#names[@]} package(s) that this machine does not have:"
    awk -F '\t' '{ printf "  %-20s %s\n", $1, $2 }' <<<"$lacking" >&2
    if grep -q '^#.*UNTESTED' "$file"; then say "(This list of names is untested on your distribution.)"; fi

    if [[ $EUID -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            say "Installing them needs an administrator, and sudo is not here. Run this as root, then start again:"
            say "  apt-get update && apt-get install --no-install-recommends ${names[*]}"
            return 1
        fi
        # shellcheck disable=SC2034  # install_now reads it by name
        as_root=(sudo)
        if [[ -t 0 && -t 2 && ${CI:-} != true ]]; then
            local answer=''
            read -r -p "Install them now with sudo apt-get? [Y/n] " answer || answer=n
            if [[ $answer == [nN]* ]]; then
                say "Nothing was installed. To do it yourself:"
                say "  sudo apt-get install --no-install-recommends ${names[*]}"
                return 1
            fi
        fi
    fi
    install_now as_root "${names[@]}"
}

# Updates apt's lists only where they know a name not, or where an install with them fails (a list grown old).
install_now() {
    local -n prefix=$1
    shift
    local install=("${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@")
    local update=("${prefix[@]}" apt-get update -qq)
    if apt-cache policy "$@" 2>/dev/null | awk '/Candidate:/ { if ($2 != "(none)") known++ } END { exit known != wanted }' wanted=$#; then
        if "${install[@]}"; then return 0; fi
    fi
    if "${update[@]}" && "${install[@]}"; then return 0; fi
    say "The packages could not be installed; the words above say why. Without a network: connect, then start again."
    return 1
}

main "$@"

# Sourced by every script: strict mode, the project's root as the working folder, and how to talk.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
script=$(basename "$0")
jobs=$(nproc)
self=$(realpath "$0")
readonly root script jobs self
cd "$root"

# say TEXT...: a headline of what comes next.
say() {
    printf '\n== %s\n' "$*"
}

# die TEXT...: the reason on stderr, and out with status 1.
die() {
    printf '%s: %s\n' "$script" "$*" >&2
    exit 1
}

# help: prints the comment at the top of the script.
help() {
    sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//p}' "$self"
}

# bad_usage ARGUMENT: for an argument that the script does not know; out with status 2.
bad_usage() {
    printf '%s: unknown argument: %s\n\n' "$script" "$1" >&2
    help >&2
    exit 2
}

# build PRESET [TARGET]: configures and builds a CMake preset.
build() {
    say "build $1${2:+ ($2)}"
    cmake --preset "$1" --log-level=NOTICE >/dev/null
    cmake --build --preset "$1" --parallel "$jobs" ${2:+--target "$2"}
}

# sweep_in_shares PRESET ARGUMENT...: the fault sweep as that preset built it, one process per core. Each says when it
# is done with a device; fails if one of them does.
sweep_in_shares() {
    local preset=$1 share status=0 pids=()
    shift
    for ((share = 1; share <= jobs; share++)); do
        timeout 3600 "build/$preset/tests/sweep" "$@" --share "$share/$jobs" | sed "s|^|$share/$jobs  |" &
        pids+=($!)
    done
    for share in "${pids[@]}"; do
        wait "$share" || status=1
    done
    return "$status"
}

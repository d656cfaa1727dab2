#!/usr/bin/env bash
# Compiles the benchmarks' C programs (load, its no-op, floor) to OUT; only what is older than its sources.
# usage: build.sh [OUT]     (default: .build/bench below the repository; CC names another compiler)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../../.build/bench}
cc=${CC:-clang}
flags=(-std=gnu17 -O2 -Wall -Wextra -Werror -I"$here/../../bpf")
mkdir -p "$out"
out=$(cd "$out" && pwd)

compile() { # compile NAME FOLDER OPTION...: all C files of the folder but the no-op
  local name=$1 folder=$here/$2 input stale=
  shift 2
  for input in "$folder"/* "$here"/../../bpf/*.h "${BASH_SOURCE[0]}"; do
    [[ $out/$name -nt $input ]] || stale=1
  done
  [[ $stale ]] || return 0
  # Written aside and moved: another test program may be compiling or using it.
  (cd "$folder" && "$cc" "${flags[@]}" -o "$out/$name.$$" "$@")
  mv -f "$out/$name.$$" "$out/$name"
}

compile noop load -static -nostdlib -ffreestanding -fno-stack-protector noop.c
compile load load load.c worker.c exec.c file.c tcp.c dns.c
compile floor floor floor.c programs.c ring.c json.c -lbpf

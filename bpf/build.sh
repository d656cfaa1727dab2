#!/usr/bin/env bash
# Compiles every *.bpf.c beside this file to OUT/<name>.bpf.o; only what is older than its sources.
# usage: build.sh [OUT]     (default: .build/bpf below the repository; CLANG names another compiler)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../.build/bpf}
clang=${CLANG:-clang}

fail() {
  echo "bpf/build.sh: $1" >&2
  exit 1
}

command -v "$clang" >/dev/null || fail "no $clang found: install it (Debian: apt-get install clang) or set CLANG"
case $(uname -m) in
  x86_64) arch=x86 ;;
  aarch64) arch=arm64 ;;
  *) fail "the programs are written for x86-64 and arm64, this is $(uname -m)" ;;
esac
# Debian keeps asm/*.h below the machine's triplet, where a compiler for the bpf target does not look.
include=(-I"$here")
for triplet in "$(uname -m)-linux-gnu"; do
  [[ -d /usr/include/$triplet ]] && include+=(-idirafter "/usr/include/$triplet")
done
echo '#include <bpf/bpf_core_read.h>' | "$clang" -target bpf "${include[@]}" -include linux/types.h -x c -E - >/dev/null 2>&1 ||
  fail "no bpf/bpf_core_read.h found: install libbpf's headers (Debian: apt-get install libbpf-dev)"

mkdir -p "$out"
for source in "$here"/*.bpf.c; do
  object=$out/$(basename "${source%.c}").o
  stale=
  for input in "$source" "$here"/*.h "${BASH_SOURCE[0]}"; do
    [[ $object -nt $input ]] || stale=1
  done
  [[ $stale ]] || continue
  # Written aside and moved, so that neither an interrupt nor a second build leaves half an object.
  "$clang" -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Wno-unused-parameter -Werror \
    -D"__TARGET_ARCH_$arch" -ffile-prefix-map="$here"=bpf -fdebug-compilation-dir=bpf \
    "${include[@]}" -c "$source" -o "$object.$$"
  if command -v llvm-strip >/dev/null; then llvm-strip -g "$object.$$"; fi
  mv -f "$object.$$" "$object"
done

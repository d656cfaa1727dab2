# Sourced by ./run, ./test and ./picket: finds what the build needs, installs what a Debian-like system lacks, builds
# what is stale. Prints to standard error only, so that a program's own output stays clean.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
configuration=Release
program=$root/.build/picket/picket
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { echo "picket: $*" >&2; }

# die STATUS MESSAGE...: 2 wrong usage or configuration, 3 a missing privilege or system part.
die() {
  local status=$1
  shift
  say "$@"
  exit "$status"
}

require_dotnet() {
  command -v dotnet >/dev/null ||
    die 3 "the .NET SDK 10 is missing: install it (https://dotnet.microsoft.com/download) and put dotnet on the PATH"
  local version
  version=$(cd / && dotnet --version 2>/dev/null) || version=none
  [[ ${version%%.*} =~ ^[0-9]+$ && ${version%%.*} -ge 10 ]] ||
    die 3 "the .NET SDK 10 is needed, $(command -v dotnet) is $version"
}

# Each line: package, what shows that it is there, why it is needed.
missing_packages() {
  command -v clang >/dev/null || echo "clang compiles the kernel programs in bpf/"
  echo '#include <bpf/bpf_helpers.h>' | cpp -E -include linux/types.h - >/dev/null 2>&1 || [[ -e /usr/include/bpf/bpf_helpers.h ]] ||
    echo "libbpf-dev has the headers that the kernel programs include"
  ldconfig -p 2>/dev/null | grep -q 'libbpf\.so\.[01]' || [[ -n $(compgen -G '/usr/lib/*/libbpf.so.[01]') ]] ||
    echo "libbpf1 loads them"
  ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' || [[ -n $(compgen -G '/usr/lib/*/libsqlite3.so.0') ]] ||
    echo "libsqlite3-0 keeps what actors persist"
}

# What only ./test needs: nobody gets a database server for running the program.
missing_test_packages() {
  command -v initdb >/dev/null || [[ -n $(compgen -G '/usr/lib/postgresql/*/bin/initdb') ]] ||
    echo "postgresql is what the tests of its journal run against"
  command -v bpftool >/dev/null || [[ -x /usr/sbin/bpftool ]] ||
    echo "bpftool detaches the sensor's programs in tests, as an intruder would"
}

require_packages() { # require_packages [tests]
  local missing names
  missing=$(missing_packages)
  if [[ ${1:-} == tests ]]; then missing=$(printf '%s\n%s' "$missing" "$(missing_test_packages)" | sed '/^$/d'); fi
  [[ -z $missing ]] && return
  names=$(cut -d' ' -f1 <<<"$missing" | xargs)
  say "this machine lacks:"
  sed 's/^/picket:   /' <<<"$missing" >&2
  command -v apt-get >/dev/null ||
    die 3 "install them with this system's package manager (names as in Debian: $names) and start again"
  [[ $(id -u) == 0 ]] || die 3 "as root: apt-get install $names"
  if [[ -t 0 && -t 1 ]]; then
    local answer
    read -rp "picket: install $names now? [Y/n] " answer
    [[ $answer == [nN]* ]] && die 3 "nothing installed; by hand: apt-get install $names"
  fi
  say "installing $names"
  local log
  log=$(mktemp)
  if ! { apt-get update -q && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $names; } </dev/null >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die 3 "apt-get could not install $names; its last lines are above"
  fi
  rm -f "$log"
}

# The program is stale when any source is newer than the stamp of the last build.
stale() {
  local stamp=$root/.build/stamp
  [[ -x $program && -e $stamp ]] || return 0
  [[ -n $(find "$root/Actors" "$root/Detection" "$root/Sensors" "$root/bpf" "$root/config/picket.conf" "$root"/Directory.*.props \
    -newer "$stamp" -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.[ch]' -o -name '*.conf' -o -name '*.sh' \) \
    -not -path '*/obj/*' -not -path '*/bin/*' -print -quit) ]]
}

build() { # build PROJECT
  local log
  log=$(mktemp)
  if ! dotnet build "$1" -c "$configuration" -v quiet --nologo -nodeReuse:false >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die 1 "the build failed"
  fi
  rm -f "$log"
}

# Compiled ahead of time, a node is at full speed from its first event; where the compiler for that cannot be had, it gets there in a minute.
publish() { # publish PROJECT FOLDER
  local log rid
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) rid=linux-x64 ;;
    Linux-aarch64) rid=linux-arm64 ;;
    Darwin-arm64) rid=osx-arm64 ;;
    Darwin-x86_64) rid=osx-x64 ;;
    *) die 3 "Picket is not built for $(uname -s) on $(uname -m)" ;;
  esac
  log=$(mktemp)
  rm -rf "$2.next"
  if ! publish_as "$1" "$2.next" "$rid" true >"$log" 2>&1; then
    if ! grep -q 'NU1101\|NU1102\|NU1301\|NETSDK1094' "$log" || ! publish_as "$1" "$2.next" "$rid" false >"$log" 2>&1; then
      cat "$log" >&2
      rm -f "$log"
      die 1 "the build failed"
    fi
    say "the ahead-of-time compiler cannot be had here: the program is compiled while it runs"
  fi
  rm -f "$log"

  # Only now: a build that fails leaves the program that was there.
  rm -rf "$2"
  mv "$2.next" "$2"
}

publish_as() { # publish_as PROJECT FOLDER RID AHEAD
  dotnet publish "$1" -c "$configuration" -r "$3" --self-contained false -p:PublishReadyToRun="$4" -o "$2" \
    -v quiet --nologo -nodeReuse:false
}

prepare_program() {
  stale || return 0
  require_dotnet
  if [[ $(uname -s) == Linux ]]; then
    require_packages
    mkdir -p "$root/.build"
    bash "$root/bpf/build.sh" "$root/.build/bpf" || die 3 "the kernel programs were not built"
  else
    say "this is $(uname -s): the kernel programs are for Linux; replay and rules check work without them"
  fi
  say "building"
  mkdir -p "$root/.build"
  touch "$root/.build/stamp.next"
  publish "$root/Actors/Node/Picket.Node.csproj" "$root/.build/picket"
  mv "$root/.build/stamp.next" "$root/.build/stamp"
}

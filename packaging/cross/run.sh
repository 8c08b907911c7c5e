#!/usr/bin/env bash
# The daemon and its tests for another processor: built with Debian's cross compiler, run under QEMU (user mode).
# `./dev cross` installs what is needed first.
#
#   run.sh ARCH       arm64, armhf, mips (big-endian) or mipsel; everything is below build/cross/ARCH
#
# JOBS: how many compilers at a time (2).
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=packaging/cross/machine.sh
. packaging/cross/machine.sh
[ $# -eq 1 ] && machine "$1" || { echo "usage: run.sh arm64|armhf|mips|mipsel" >&2; exit 64; }
readonly folder=$PWD/build/cross/$1
readonly build=$folder/build

# What needs no kernel but for files, pipes and the clock: QEMU does not pass generic netlink on. So neither the tests
# of the service's loop (service_*) nor those of the netlink sockets (Sockets.* of nl80211_test).
tests="core_test policy_test property_test golden_test journal_test config_test command_line_test nl80211_test
  service_ipfix_test"

say() { printf '\n== %s\n' "$*"; }

# made BPF HTTP TARGET...: on or off. One build folder for all, so that ccache knows what a switch does not change.
made() {
  local bpf=$1 http=$2
  shift 2
  cmake -S . -B "$build" -G Ninja --toolchain packaging/cross/toolchain.cmake \
    -DPIANISSIMO_TRIPLET="$triplet" -DPIANISSIMO_EMULATOR="$emulator" -DPIANISSIMO_SYSROOT="$folder/root" \
    -DPIANISSIMO_BPF_HEADERS="$folder/root/usr/include;/usr/$triplet/include" \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DPIANISSIMO_WERROR=ON \
    -DPIANISSIMO_LAB=OFF -DPIANISSIMO_PAGE=OFF -DCMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE=PRE_TEST \
    -DPIANISSIMO_BPF="$bpf" -DPIANISSIMO_HTTP="$http" >"$folder/cmake.log" 2>&1 ||
    { cat "$folder/cmake.log"; exit 1; }
  cmake --build "$build" -j "${JOBS:-2}" --target "$@"
}

size_of() {
  made "$1" "$2" pianissimo
  "$triplet-strip" -o "$folder/pianissimo.stripped" "$build/controller/service/pianissimo"
  sizes+=("$(printf 'BPF %-4s HTTP %-4s %9d bytes' "$1" "$2" "$(stat -c %s "$folder/pianissimo.stripped")")")
}

say "$1: libraries"
packaging/cross/sysroot.sh "$1" "$folder"

say "$1: the daemon"
sizes=()
if [ -n "$debian" ]; then
  size_of ON ON
  size_of ON OFF
fi
size_of OFF OFF
size_of OFF ON
"$emulator" -L "/usr/$triplet" -E LD_LIBRARY_PATH="$folder/root/usr/lib/$triplet" \
  "$folder/pianissimo.stripped" --version

say "$1: tests"
# shellcheck disable=SC2086
made OFF ON $tests
status=0
for test in $tests; do
  run=$(find "$build/tests" -name "$test" -type f)
  "$emulator" -L "/usr/$triplet" -E LD_LIBRARY_PATH="$folder/root/usr/lib/$triplet" \
    "$run" --gtest_brief=1 --gtest_filter='-Sockets.*' >"$folder/$test.log" 2>&1 || { status=1; cat "$folder/$test.log"; }
  printf '%-20s %s\n' "$test" "$(grep -E '^\[  (PASSED|SKIPPED|FAILED)  \]|tests ran' "$folder/$test.log" | tr '\n' ' ')"
done

say "$1: the stripped daemon, without libraries"
printf '%s\n' "${sizes[@]}"
exit "$status"

#!/bin/bash
# run.sh [--timeout S] NAME [ARGUMENT...]: runs tests/vm/NAME.sh in the virtual machine; exits with its
# status (124: it took longer than S seconds, 1200). The journal that it leaves must replay to the
# decisions that the daemon took there.
# Binaries as experiments/testbed/run.sh takes them: $PIANISSIMO_BIN, $PIANISSIMO_MEDIUM; and
# $PIANISSIMO_LAB.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
timeout=1200
[ "${1:-}" != --timeout ] || { timeout=$2 && shift 2; }
job=$here/${1:?usage: run.sh [--timeout S] NAME}.sh
shift
build=$repository/build/release
PIANISSIMO_BIN=$(realpath "${PIANISSIMO_BIN:-$build/controller/service/pianissimo}")
PIANISSIMO_MEDIUM=$(realpath "${PIANISSIMO_MEDIUM:-$build/experiments/testbed/pianissimo-medium}")
lab=$(realpath "${PIANISSIMO_LAB:-$build/experiments/lab/pianissimo-lab}")
export PIANISSIMO_BIN PIANISSIMO_MEDIUM
out=${PIANISSIMO_OUT:-$repository/out/vm/$(basename "$job" .sh)}
rm -rf "$out"
mkdir -p "$out"
"$repository/experiments/testbed/vm.sh" module >/dev/null # built once, then cached
"$repository/experiments/testbed/vm.sh" run --share "$out" --timeout "$timeout" "$job" "$@"
[ -e "$out/journal.jsonl" ] || exit 0
# 69: nothing differs, but the beginning has been rotated away.
"$lab" replay "$out/journal.jsonl" || [ $? -eq 69 ]

#!/bin/bash
# run.sh NAME [ARGUMENT...]: runs tests/vm/NAME.sh in the virtual machine; exits with its status.
# Binaries as experiments/testbed/run.sh takes them: $PIANISSIMO_BIN, $PIANISSIMO_MEDIUM.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
job=$here/${1:?usage: run.sh NAME}.sh
shift
build=$repository/build/release
PIANISSIMO_BIN=$(realpath "${PIANISSIMO_BIN:-$build/controller/service/pianissimo}")
PIANISSIMO_MEDIUM=$(realpath "${PIANISSIMO_MEDIUM:-$build/experiments/testbed/pianissimo-medium}")
export PIANISSIMO_BIN PIANISSIMO_MEDIUM
out=${PIANISSIMO_OUT:-$repository/out/vm/$(basename "$job" .sh)}
rm -rf "$out"
mkdir -p "$out"
"$repository/experiments/testbed/vm.sh" module >/dev/null # built once, then cached
exec "$repository/experiments/testbed/vm.sh" run --share "$out" --timeout 900 "$job" "$@"

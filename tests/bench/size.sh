#!/bin/bash
# size.sh: the stripped binary, and the memory of a daemon that drives 16 stations in the virtual
# machine -> out/bench/size.json
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
binary=$repository/build/release/controller/service/pianissimo
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$binary"
PIANISSIMO_OUT=$repository/out/bench/vm "$repository/tests/vm/run.sh" ../bench/size_job
printf '{"stripped_bytes": %d, %s}\n' "$(stat -c %s "$stripped")" \
  "$(cat "$repository/out/bench/vm/memory")" | tee "$repository/out/bench/size.json"

#!/bin/bash
# tick.sh: tick_bench in the virtual machine -> out/bench/tick.json
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
export PIANISSIMO_TICK_BENCH=$repository/build/release/tests/bench/tick_bench
PIANISSIMO_OUT=$repository/out/bench/vm "$repository/tests/vm/run.sh" ../bench/tick_job
cp "$repository/out/bench/vm/tick.json" "$repository/out/bench/tick.json"

#!/bin/bash
# Every scenario of the suite, simulated: each journal replays to the decisions that were taken.
# usage: simulated_test.sh PIANISSIMO_LAB SCENARIOS_FOLDER
set -u
lab=$1 scenarios=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
replayed=0 failures=0
for scenario in "$scenarios"/*.yaml; do
  name=$(basename "$scenario" .yaml)
  if ! "$lab" simulate "$scenario" --out "$directory/$name" >"$directory/log" 2>&1; then
    echo "$name: not simulated" && cat "$directory/log"
    failures=$((failures + 1))
  fi
  while read -r journal; do
    replayed=$((replayed + 1))
    "$lab" replay "$journal" >"$directory/log" 2>&1 && continue
    echo "$journal: not the same decisions" && cat "$directory/log"
    failures=$((failures + 1))
  done < <(find "$directory/$name" -name journal.jsonl)
  rm -rf "${directory:?}/$name"
done
echo "$replayed journals replayed, $failures failures"
[ "$failures" -eq 0 ] && [ "$replayed" -ge 16 ]

#!/bin/sh
# A command that a signal ends leaves nothing unfinished behind, and its status says which signal.
# usage: ending_test.sh PIANISSIMO-LAB SOURCE_DIR
set -u
lab=$1
. "$2/tests/unit/command.sh"

# ends SIGNAL STATUS ARGUMENT...: the command waits for its input, a pipe that never says anything.
ends() {
  signal=$1 wanted=$2
  shift 2
  mkdir "$dir/out.d"
  mkfifo "$dir/input"
  # Shells let what runs in the background ignore SIGINT.
  env --default-signal=INT "$lab" "$@" <"$dir/input" >"$dir/out" 2>"$dir/err" &
  command=$!
  exec 9>"$dir/input"
  while [ -z "$(ls -A "$dir/out.d")" ] && kill -0 "$command" 2>/dev/null; do sleep 0.05; done
  [ -n "$(ls -A "$dir/out.d")" ] || { echo "$*: did not begin"; cat "$dir/err"; failed=1; }
  kill -s "$signal" "$command"
  wait "$command"
  status=$?
  exec 9>&-
  [ "$status" -eq "$wanted" ] || { echo "$* after SIG$signal: status $status"; failed=1; }
  left=$(find "$dir/out.d" -type f)
  [ -z "$left" ] || { echo "$* after SIG$signal left $left"; failed=1; }
  rm -r "$dir/out.d" "$dir/input"
}

ends TERM 143 import orca /dev/stdin -o "$dir/out.d/journal.jsonl"
ends INT 130 import orca /dev/stdin -o "$dir/out.d/journal.jsonl"
ends TERM 143 import pcap /dev/stdin -o "$dir/out.d/table.csv"
ends TERM 143 export --csv "$dir/out.d" /dev/stdin
ends TERM 143 replay /dev/stdin -o "$dir/out.d/journal.jsonl"

cat >"$dir/day.yaml" <<'END'
description: a day
duration_s: 86400
stations: [{path_loss: 70}]
END
ends TERM 143 simulate "$dir/day.yaml" --long --out "$dir/out.d/run"

exit $failed

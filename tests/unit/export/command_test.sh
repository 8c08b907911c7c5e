#!/bin/sh
# command_test.sh PIANISSIMO-LAB GOLDEN-FOLDER: exit codes and files of the subcommand export.
set -u
lab=$1
golden=$2
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

expect 64 'no folder' export "$golden/visit_fails.jsonl"
expect 64 'no journal' export --csv "$dir/tables"
expect 66 'no such journal' export --csv "$dir/tables" "$dir/none"
echo '{' >"$dir/bad.jsonl"
echo '{' >>"$dir/bad.jsonl"
expect 65 'a bad journal' export --csv "$dir/tables" "$dir/bad.jsonl"
if [ -n "$(ls "$dir/tables")" ]; then
  echo 'an error has left a table'
  failed=1
fi
expect 73 'a file in the way' export --csv "$dir/bad.jsonl/tables" "$golden/visit_fails.jsonl"

expect 0 'tables' export --csv "$dir/tables" "$golden"/*.jsonl
wanted='decisions.csv power.csv runs.csv stations.csv traffic.csv'
[ "$(ls "$dir/tables" | tr '\n' ' ')" = "$wanted " ] || { ls "$dir/tables"; failed=1; }
[ "$(wc -l <"$dir/tables/runs.csv")" -eq 8 ] || { cat "$dir/tables/runs.csv"; failed=1; }
# As many cells in every row of a table.
for table in "$dir"/tables/*.csv; do
  [ "$(awk -F, '{ print NF }' "$table" | sort -u | wc -l)" -eq 1 ] || { echo "$table"; failed=1; }
done
expect 0 'the same tables once more' export --csv "$dir/tables" "$golden"/*.jsonl
for table in decisions.csv power.csv runs.csv stations.csv traffic.csv; do
  leaves "$dir/mine/$table" "$table" export --csv "$dir/mine" "$golden/visit_fails.jsonl"
  [ -z "$(ls "$dir/mine")" ] || { echo "$table: others were written"; failed=1; }
done
exit "$failed"

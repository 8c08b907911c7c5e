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
set -- "$golden"/*.jsonl
[ "$(wc -l <"$dir/tables/runs.csv")" -eq $(($# + 1)) ] || { cat "$dir/tables/runs.csv"; failed=1; }
# As many cells in every row of a table.
for table in "$dir"/tables/*.csv; do
  [ "$(awk -F, '{ print NF }' "$table" | sort -u | wc -l)" -eq 1 ] || { echo "$table"; failed=1; }
done
expect 0 'the same tables once more' export --csv "$dir/tables" "$golden"/*.jsonl
for table in decisions.csv power.csv runs.csv stations.csv traffic.csv; do
  leaves "$dir/mine/$table" "$table" export --csv "$dir/mine" "$golden/visit_fails.jsonl"
  [ -z "$(ls "$dir/mine")" ] || { echo "$table: others were written"; failed=1; }
done

# The same journal from a real driver: nobody's address leaves, unless it is asked for.
sed 's/mac80211_hwsim/mt7915e/' "$golden/weakest_station_decides.jsonl" >"$dir/real.jsonl"
expect 0 'pseudonyms' export --csv "$dir/real" --key-file "$dir/salt" "$dir/real.jsonl"
if grep -qE '02:00:00:00:00:0[a-f]' "$dir"/real/*.csv; then
  echo 'an address has left'
  failed=1
fi
[ "$(cut -d, -f 5 "$dir/real/stations.csv" | sort -u | wc -l)" -eq 4 ] || { echo 'not three stations'; failed=1; }
cp -r "$dir/real" "$dir/before"
expect 0 'the same pseudonyms' export --csv "$dir/real" --key-file "$dir/salt" "$dir/real.jsonl"
diff -r "$dir/real" "$dir/before" || failed=1
expect 0 'numbers' export --csv "$dir/numbers" --stations none "$dir/real.jsonl"
grep -q ',0a:00:00:00:00:03,' "$dir/numbers/stations.csv" || { echo 'no number'; failed=1; }
expect 0 'addresses' export --csv "$dir/open" --stations mac "$dir/real.jsonl"
diff -q "$dir/open/stations.csv" "$dir/real/stations.csv" >/dev/null && failed=1
grep -q '02:00:00:00:00:0b' "$dir/open/stations.csv" || { echo 'no address'; failed=1; }
expect 0 'stations of the testbed' export --csv "$dir/testbed" "$golden/weakest_station_decides.jsonl"
grep -q '02:00:00:00:00:0b' "$dir/testbed/stations.csv" || { echo 'no address of the testbed'; failed=1; }
chmod 644 "$dir/salt"
expect 0 'a key that others can read' export --csv "$dir/real" --key-file "$dir/salt" "$dir/real.jsonl"
says err 'others can read it'
expect 64 'no such word' export --csv "$dir/real" --stations names "$dir/real.jsonl"
exit "$failed"

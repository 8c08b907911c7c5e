#!/bin/sh
# command_test.sh PIANISSIMO-LAB: exit codes, tables and files of the subcommand recorded.
set -u
lab=$1
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

# Three levels, ten rows each: 15 dBm give more than 20 dBm, and 12 dBm half of it.
{
  echo 'level_dbm,throughput_bps,drop_percent,receiver_hears_dbm,sender_hears_dbm,receiver_power_dbm'
  for level in 12,4000000,1,-72 15,9000000,0,-65 20,8000000,0,-64; do
    for row in 0 1 2 3 4 5 6 7 8 9; do echo "$level,-6$row,20"; done
  done
} >"$dir/near.csv"
sed 's/^12,4000000/12,8000000/' "$dir/near.csv" >"$dir/flat.csv"

expect 64 'no table' recorded
expect 66 'no such table' recorded "$dir/none.csv"
expect 64 'no such law' recorded "$dir/near.csv" --laws none
expect 64 'no share' recorded "$dir/near.csv" --keep nan
expect 64 'twice the same table' recorded "$dir/near.csv" "$dir/near.csv"
says err 'near is there twice'
expect 64 'twice the same law' recorded "$dir/near.csv" --laws anchor,anchor
sed '5s/12,/99,/' "$dir/near.csv" >"$dir/bad.csv"
expect 65 'a level that no radio has' recorded "$dir/bad.csv"
says err "$dir/bad.csv:5:1: level_dbm: 99 is not within 0..36"

expect 0 'one table' recorded "$dir/near.csv" --laws fixed-max,best-fixed,anchor --seeds 2 --seconds 30
says out '3 levels; ceiling 20 dBm (8.000 Mbit/s); best 15 dBm (9.000 Mbit/s); lowest that keeps 0.97: 15 dBm'
says out '| fixed-max | 100.0 ± 0.0 | 88.9 ± 0.0 | 0.00 ± 0.00 | 0.00 ± 0.00 | 0.0 ± 0.0 | 0.0 ± 0.0 |'
says out '| best-fixed | 112.5 ± 0.0 | 100.0 ± 0.0 | 5.00 ± 0.00 |'
expect 0 'two tables' recorded "$dir/near.csv" "$dir/flat.csv" --laws best-fixed --seeds 1 --seconds 30 --json "$dir/figures.json"
says out '### All'
says figures.json '{"recording":"flat","policy":"best-fixed","keep":9.7E-1,"seeds":1,"ceiling_dbm":2E1'
says figures.json '{"recording":null,"policy":"best-fixed"'
cp "$dir/figures.json" "$dir/before.json"
expect 0 'the same once more' recorded "$dir/near.csv" "$dir/flat.csv" --laws best-fixed --seeds 1 --seconds 30 --json "$dir/figures.json" --jobs 2
cmp "$dir/before.json" "$dir/figures.json" || failed=1
expect 0 'JSON to standard output' recorded "$dir/near.csv" --laws parf --seeds 1 --seconds 1 --json -
says out '"policy":"parf"'
leaves "$dir/mine.json" 'figures' recorded "$dir/near.csv" --laws parf --seeds 1 --seconds 1 --json "$dir/mine.json"
exit "$failed"

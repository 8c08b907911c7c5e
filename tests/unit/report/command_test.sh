#!/bin/sh
# command_test.sh PIANISSIMO-LAB: exit codes and files of the subcommand report.
set -u
lab=$1
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

mkdir "$dir/run" "$dir/bad"
echo '{"scenario": "step", "label": "first", "start_s": 10, "end_s": 12}' >"$dir/run/run.json"
cp "$dir/run/run.json" "$dir/bad"
echo 't_s,station,power_dbm,delivered_bytes,airtime_us' >"$dir/run/truth.csv"
echo 't_s,station,power_dbm,delivered_bytes' >"$dir/bad/truth.csv"
for tenth in 1 2 3 4 5 6 7 8 9; do
  echo "10.$tenth,02:00:00:00:01:00,17,1000,100" >>"$dir/run/truth.csv"
done

expect 0 'help' --help
expect 64 'no subcommand'
expect 64 'no run' report
expect 64 'unknown option' report "$dir/run" --nonsense
expect 66 'no such run' report "$dir/nothing"
says err "$dir/nothing: no such run"
expect 65 'bad data' report "$dir/bad"
says err "$dir/bad/truth.csv:1: column 'airtime_us' is missing"
expect 73 'no such folder' report "$dir/run" -o "$dir/none/report.html"

expect 0 'a report' report "$dir/run" --baseline "$dir/run" -o "$dir/report.html" \
  --summary "$dir/summary.json"
says out 'throughput retained, %'
says report.html '</html>'
says summary.json '"saved_db": 0,'
says summary.json '"retained": 1,'
says summary.json '"visit_error_ms_p99": null,'

cp -r "$dir/run" "$dir/other"
sed -i 's/first/second/' "$dir/other/run.json"
expect 0 'runs to compare' report "$dir/run" --compare "$dir/other" --baseline "$dir/run" \
  --summary "$dir/both.json"
says out 'first stayed at full power; the station kept 100.0 % of its throughput'
says out 'second stayed at full power;'
says both.json '"headline": "second stayed'
expect 66 'no such run to compare' report "$dir/run" --compare "$dir/nothing"

expect 0 'drawings' report "$dir/run" --svg "$dir/svg/deep"
for drawing in power throughput time-first knee-first; do
  grep -qF '</svg>' "$dir/svg/deep/$drawing.svg" || { echo "no drawing $drawing"; failed=1; }
done
expect 73 'a file where the folder should be' report "$dir/run" --svg "$dir/run/run.json"
says err "$dir/run/run.json: cannot be made"
# A program of that name that writes what it is given, and one that fails.
mkdir "$dir/tools" "$dir/broken" "$dir/empty"
printf '#!/bin/sh\necho "%%PDF-1.5"\ncat\n' >"$dir/tools/rsvg-convert"
printf '#!/bin/sh\nexit 1\n' >"$dir/broken/rsvg-convert"
chmod +x "$dir/tools/rsvg-convert" "$dir/broken/rsvg-convert"
path=$PATH
PATH=$dir/tools:$path
expect 0 'PDF' report "$dir/run" --pdf "$dir/pdf"
grep -qF '</svg>' "$dir/pdf/power.pdf" || { echo 'the drawing did not get through'; failed=1; }
expect 0 'PDF once more' report "$dir/run" --pdf "$dir/pdf"
# Notes about our drawings are no drawing.
mkdir "$dir/notes"
printf 'They end with\n%% A drawing of pianissimo-lab report\n' >"$dir/notes/power.pdf"
expect 65 'notes in the place of a PDF' report "$dir/run" --pdf "$dir/notes"
says err 'power.pdf: left alone'
PATH=$dir/broken:$path
expect 73 'PDF that cannot be made' report "$dir/run" --pdf "$dir/none-pdf"
says err 'power.pdf: cannot be written: rsvg-convert failed'
# shellcheck disable=SC2123 # a system without programs
PATH=$dir/empty
expect 69 'no rsvg-convert' report "$dir/run" --pdf "$dir/none-pdf"
PATH=$path
says err 'install the package librsvg2-bin'
[ -z "$(ls "$dir/none-pdf")" ] || { echo 'a failed PDF left something behind'; failed=1; }

leaves "$dir/mine/page" 'a page' report "$dir/run" -o "$dir/mine/page"
leaves "$dir/mine/summary" 'a summary' report "$dir/run" --summary "$dir/mine/summary"
leaves "$dir/mine/power.svg" 'drawings' report "$dir/run" --svg "$dir/mine"
leaves "$dir/mine/power.pdf" 'drawings as PDF' report "$dir/run" --pdf "$dir/mine"
expect 0 'drawings once more' report "$dir/run" --svg "$dir/svg/deep" --summary "$dir/summary.json"
expect 66 'a device instead of a run' report /dev/zero

expect 0 'a report' report "$dir/run" -o "$dir/report.html"
if LC_ALL=C grep -q "$(printf '\033')" "$dir/out"; then
  echo 'colours without a terminal'
  failed=1
fi

# A journal from a real driver: nobody's address leaves, unless it is asked for.
journal=$(dirname "$0")/../../golden/weakest_station_decides.jsonl
sed 's/mac80211_hwsim/mt7915e/' "$journal" >"$dir/real.jsonl"
expect 0 'pseudonyms' report "$dir/real.jsonl" --key-file "$dir/salt" -o "$dir/real.html"
grep -qF '02:00:00:00:00:0' "$dir/real.html" "$dir/out" && { echo 'an address has left'; failed=1; }
expect 0 'numbers' report "$dir/real.jsonl" --stations none -o "$dir/real.html"
says real.html '0a:00:00:00:00:01'
expect 0 'addresses' report "$dir/real.jsonl" --stations mac -o "$dir/real.html"
says real.html '02:00:00:00:00:0a'
expect 0 'stations of the testbed' report "$journal" -o "$dir/real.html"
says real.html '02:00:00:00:00:0a'
exit "$failed"

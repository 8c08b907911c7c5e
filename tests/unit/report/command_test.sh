#!/bin/sh
# command_test.sh PIANISSIMO-LAB: exit codes and files of the subcommand report.
set -u
lab=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# expect STATUS WHAT ARGUMENT...: what the command says is in $dir/out and $dir/err.
expect() {
  wanted=$1 what=$2
  shift 2
  "$lab" "$@" >"$dir/out" 2>"$dir/err"
  status=$?
  [ "$status" -eq "$wanted" ] && return
  echo "$what: status $status, not $wanted"
  cat "$dir/err"
  failed=1
}
# says FILE TEXT
says() {
  grep -qF -- "$2" "$dir/$1" && return
  echo "'$2' is not in $1:"
  cat "$dir/$1"
  failed=1
}

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
if LC_ALL=C grep -q "$(printf '\033')" "$dir/out"; then
  echo 'colours without a terminal'
  failed=1
fi
exit "$failed"

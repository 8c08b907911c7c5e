#!/bin/sh
# command_test.sh PIANISSIMO-LAB GOLDEN-FOLDER: exit codes and files of the subcommand replay.
set -u
lab=$1
golden=$2
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

journal=$golden/visit_fails.jsonl
for any in "$golden"/*.jsonl; do
  expect 0 "$any" replay "$any"
done
expect 0 'all at once' replay "$golden"/*.jsonl
set -- "$golden"/*.jsonl
says out "runs: $#;"

expect 64 'no journal' replay
expect 66 'no such journal' replay "$dir/none.jsonl"
says err "$dir/none.jsonl: cannot be read"
expect 66 'a folder' replay "$dir"
expect 66 'no such configuration' replay "$journal" -c "$dir/none.yaml"
expect 78 'bad configuration' replay "$journal" -c "$journal"
echo 'descend: {keep: 1.5}' >"$dir/bad.yaml"
expect 78 'bad value' replay "$journal" -c "$dir/bad.yaml"
says err 'bad.yaml:1:17: descend.keep: 1.5 is out of range'
expect 78 'bad setting' replay "$journal" --set descend.kep=0.5
says err "--set: descend.kep: unknown key (did you mean 'keep'?)"
expect 73 'no such folder' replay "$journal" -o "$dir/none/journal.jsonl"
says err "$dir/none/journal.jsonl: cannot be written: No such file or directory"

sed 's/"to_dbm":17,/"to_dbm":16,/' "$journal" >"$dir/other.jsonl"
expect 65 'a difference' replay "$dir/other.jsonl" -o "$dir/not.jsonl"
says out 'DIFFERENT at '
says out '"to_dbm":16'
says out '"to_dbm":17'
sed '1q' "$journal" >"$dir/middle.jsonl"
sed '1,20d' "$journal" >>"$dir/middle.jsonl"
expect 69 'from the middle' replay "$dir/middle.jsonl"
says out 'NOT EXACT from '
sed '9s/.*/{/' "$journal" >"$dir/broken.jsonl"
expect 65 'a broken line' replay "$dir/broken.jsonl" -o "$dir/nothing.jsonl"
says err "$dir/broken.jsonl:9: not JSON"
if [ -n "$(find "$dir" -name 'nothing*')" ]; then
  echo 'an error has left an output'
  failed=1
fi

expect 0 'written again' replay "$journal" -o "$dir/again.jsonl"
cmp "$journal" "$dir/again.jsonl" || failed=1
expect 0 'a counterfactual' replay "$journal" --set box.floor_dbm=18 -o "$dir/cf.jsonl" --json "$dir/cf.json"
says out 'UNSUPPORTED from '
says cf.json '"unsupported_share": '
says cf.jsonl 'replay: from here on'
expect 0 'its own journal' replay "$dir/cf.jsonl"
expect 0 'JSON alone' replay "$journal" --json -
says out '"counterfactual": null'
expect 0 'the same once more' replay "$journal" --set box.floor_dbm=18 -o "$dir/cf.jsonl" --json "$dir/cf.json"
leaves "$dir/mine" 'a journal' replay "$journal" -o "$dir/mine"
leaves "$dir/mine" 'a summary' replay "$journal" --json "$dir/mine"
cp "$journal" "$dir/recorded.jsonl"
expect 65 'over a recording' replay "$dir/recorded.jsonl" --set box.floor_dbm=18 -o "$dir/recorded.jsonl"
cmp "$journal" "$dir/recorded.jsonl" || failed=1
expect 66 'a device' replay /dev/zero
echo 'policy: fixed' >"$dir/fixed.yaml"
expect 0 'another law' replay "$journal" -c "$dir/fixed.yaml" --set fixed.level=min
says out 'counterfactual: '
exit "$failed"

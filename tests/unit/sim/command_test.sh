#!/bin/sh
# command_test.sh PIANISSIMO-LAB: exit codes and files of the subcommand simulate, and that report
# and replay know every law's journal for what it is.
set -u
lab=$1
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"
# The default folder is out/simulate, and $dir/out is what a command says.
mkdir "$dir/work" && cd "$dir/work" || exit 1

# header TEXT: the run's journal begins with a line that has it.
header() {
  head -n 1 run/journal.jsonl >"$dir/header"
  says header "$1"
}
# decided REASON [EVIDENCE]: the run's journal has such a decision.
decided() {
  grep -q "\"reason\":\"$1\",.*\"evidence\":{${2:-}" run/journal.jsonl && return
  echo "no decision $*"
  failed=1
}

cat >door.yaml <<'YAML'
description: A test.
duration_s: 12
warm_up_s: 1
stations: [{path_loss: {steps: [[0, 64], [8, 84]]}}]
YAML

for law in anchor descend fixed fixed-max fixed-min blues parf rrm; do
  expect 0 "simulate $law" simulate door.yaml --policy "$law" --set box.floor_dbm=3 -o run
  header "\"policy\":\"$law\""
  header '"floor_dbm":3'
  says work/run/run.json "\"label\":\"$law\""
  expect 0 "replay $law" replay run/journal.jsonl -o "again-$law.jsonl"
  cmp run/journal.jsonl "again-$law.jsonl" || failed=1
  expect 0 "report $law" report run -o page.html --summary summary.json
  says work/summary.json "\"policy\": \"$law\""
  says work/summary.json "\"headline\": \"$law s" # saved, or stayed
  says work/summary.json "the run's own truth"
done

# What the laws say of themselves: that of the last, and of two more.
station='"station":"02:00:00:00:01:00"'
decided step_down "$station"
expect 0 'parf' simulate door.yaml --policy parf -o run
decided throughput_fell "$station"
expect 0 'blues' simulate door.yaml --set policy=blues -o run
for reason in visit visit_over step_down; do decided "$reason"; done

# A replay with other laws than the recorded one, and of a law that is not known.
for law in anchor descend fixed-min parf rrm; do
  expect 0 "$law instead" replay run/journal.jsonl --set "policy=$law" -o other.jsonl
  says out 'counterfactual: '
  head -n 1 other.jsonl >header.jsonl
  says work/header.jsonl "\"policy\":\"$law\""
  expect 0 "$law's own journal" replay other.jsonl
done
sed 's/"policy":"blues"/"policy":"parf"/' run/journal.jsonl >lie.jsonl
expect 65 'a law that did not decide this' replay lie.jsonl
says out 'DIFFERENT at '
sed 's/"policy":"blues"/"policy":"reds"/' run/journal.jsonl >reds.jsonl
expect 65 'an unknown law' replay reds.jsonl
says err "reds.jsonl:1: the recorded configuration is not one of this program: policy: 'reds' is none of"

expect 0 'default folder' simulate door.yaml --policy rrm
[ -f out/simulate/door/rrm/journal.jsonl ] || { echo 'no default folder'; failed=1; }
expect 0 'figures only' simulate door.yaml --policy rrm --bare -o bare
[ ! -e bare ] || { echo '--bare has left something'; failed=1; }

expect 64 'no scenario' simulate
expect 65 'a bad scenario' simulate run/run.json
expect 66 'no such scenario' simulate gone.yaml
expect 73 'no such folder' simulate door.yaml -o door.yaml/run
expect 78 'a law that knows too much' simulate door.yaml --policy oracle -o oracle
says err "policy: 'oracle' is none of anchor, descend, fixed; the laboratory also has fixed-max, fixed-min, blues, parf, rrm"
[ ! -e oracle ] || { echo 'an error has left an output'; failed=1; }
for part in journal.jsonl truth.csv run.json; do
  leaves "mine/$part" "$part" simulate door.yaml -o mine
done
exit "$failed"

#!/bin/sh
# evaluate and sweep as they are called: exit statuses, files as a whole or not at all, and shards.
#
#   command_test.sh PIANISSIMO_LAB GOLDEN_FOLDER
set -eu
lab=$1
golden=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { echo "FAILED: $*"; exit 1; }
# expect STATUS WORDS COMMAND...: the status, and words on standard error.
expect() {
  status=$1
  words=$2
  shift 2
  actual=0
  "$@" >out 2>err || actual=$?
  [ "$actual" -eq "$status" ] || { cat out err; fail "exit status $actual instead of $status: $*"; }
  grep -q -- "$words" err || { cat err; fail "nothing about '$words': $*"; }
}

cat >near.yaml <<'YAML'
description: A test.
duration_s: 4
warm_up_s: 1
stations: [{path_loss: 64}]
YAML
printf 'duration_s: x\n' >bad.yaml

# evaluate
expect 0 '' "$lab" evaluate --scenarios near.yaml --seeds 3 --jobs 1 --json one.json --markdown one.md
expect 0 '' "$lab" evaluate --scenarios near.yaml --seeds 3 --jobs 2 --json two.json --markdown two.md
cmp one.json two.json || fail "the number of jobs changes the figures"
cmp one.md two.md || fail "the number of jobs changes the table"
[ "$(grep -c '"scenario":"near"' one.json)" -eq 20 ] || fail "not a row per law and keep"
expect 64 'bleus' "$lab" evaluate --scenarios near.yaml --policies bleus
expect 0 '' "$lab" evaluate --scenarios near.yaml --policies fixed-max --seeds 1 --keep 0.97 --markdown out.md \
  --variant 'often:policy=descend,descend.probe.every=2' --variant 'blind:hide=estimate+failed'
grep -q '^| often |' out.md && grep -q '^| blind |' out.md || { cat out.md; fail "no row for a variant"; }
expect 64 'descend.kep: unknown key' "$lab" evaluate --scenarios near.yaml --variant a:descend.kep=1
expect 64 'a parf already' "$lab" evaluate --scenarios near.yaml --variant parf:descend.keep=1
expect 65 'bad.yaml' "$lab" evaluate --scenarios bad.yaml
mkdir more
cp near.yaml more
expect 64 '--scenarios: near is there twice' "$lab" evaluate --scenarios near.yaml more
expect 64 '--policies: parf is there twice' "$lab" evaluate --scenarios near.yaml --policies parf,rrm,parf
expect 64 '--keep: 0.9 is there twice' "$lab" evaluate --scenarios near.yaml --keep 0.9,0.9
expect 66 'gone.yaml' "$lab" evaluate --scenarios gone.yaml
expect 73 'cannot be written' "$lab" evaluate --scenarios near.yaml --json no/such/folder.json

# Stopped: no file, and none beside it.
"$lab" evaluate --scenarios near.yaml --seeds 100000 --json stopped.json >/dev/null 2>err &
pid=$!
while [ -z "$(find . -name '.pianissimo-lab-*')" ]; do kill -0 $pid || fail "it ended by itself"; done
kill -INT $pid || true
# An interactive shell's children hear SIGINT; those of a script may not.
kill -TERM $pid 2>/dev/null || true
actual=0
wait $pid || actual=$?
[ "$actual" -eq 130 ] || { cat err; fail "exit status $actual when stopped"; }
[ -z "$(find . -name 'stopped*' -o -name '.pianissimo-lab-*')" ] || fail "something is left of what was stopped"

# sweep
sweep() { "$lab" sweep --grid descend.keep=0.8,0.9,0.95 --grid descend.probe.every=5,10 "$@"; }
expect 0 '12 done, 0 had been' sweep --scenarios near.yaml --seeds 2 -o all.jsonl
cp all.jsonl before
expect 0 '0 done, 12 had been' sweep --scenarios near.yaml --seeds 2 -o all.jsonl
cmp all.jsonl before || fail "a sweep that was done wrote something"
head -c 3000 before >torn.jsonl
expect 0 'had been done before' sweep --scenarios near.yaml --seeds 2 -o torn.jsonl
sort before >sorted
sort torn.jsonl | cmp - sorted || fail "a resumed sweep gives other rows"
cat before before >twice.jsonl
cp twice.jsonl kept
expect 65 'twice.jsonl:13: left alone: the run [0-9a-f]* is there twice' \
  sweep --scenarios near.yaml --seeds 2 -o twice.jsonl
cmp twice.jsonl kept || fail "a file that was refused was changed"
expect 0 '6 done' sweep --journals "$golden/descends_and_visits.jsonl" -o journal.jsonl
expect 64 '4/3' sweep --scenarios near.yaml --shard 4/3 -o x.jsonl
expect 78 'descend.kep' "$lab" sweep --grid descend.kep=1 --scenarios near.yaml -o x.jsonl
expect 65 'near.yaml:1' sweep --scenarios near.yaml -o near.yaml
expect 66 'gone' sweep --journals gone -o x.jsonl
expect 66 'not a regular file' sweep --journals /dev/zero -o x.jsonl
# Somebody else's files.
for mine in mine.txt mine.json mine.md; do printf 'my only copy, no newline' >$mine; done
expect 65 'left alone' sweep --scenarios near.yaml -o mine.txt
expect 65 'left alone' "$lab" evaluate --scenarios near.yaml --json mine.json
expect 65 'left alone' "$lab" evaluate --scenarios near.yaml --markdown mine.md
for mine in mine.txt mine.json mine.md; do
  [ "$(cat $mine)" = 'my only copy, no newline' ] || fail "$mine is not what it was"
done
expect 0 '' "$lab" evaluate --scenarios near.yaml --policies fixed-max --seeds 1 --json one.json --markdown one.md

# What takes gigabytes is asked for first.
sed 's/duration_s: 4/duration_s: 86400/; s/stations: .*/stations:/' near.yaml >long.yaml
for _ in $(seq 200); do echo '  - {path_loss: 64}' >>long.yaml; done
expect 64 'long.*say --long to go on' "$lab" evaluate --scenarios long.yaml
expect 64 'long.*say --long to go on' sweep --scenarios long.yaml -o x.jsonl
expect 64 'long.*say --long to go on' "$lab" simulate long.yaml --bare
expect 73 'cannot be written' sweep --scenarios near.yaml -o no/such/folder.jsonl

# The README's line for GNU parallel, into one file and into a file per shard.
command -v parallel >/dev/null || { echo "SKIPPED: GNU parallel is not installed"; exit 77; }
seq 3 | parallel -j 3 "$lab" sweep --grid descend.keep=0.8,0.9,0.95 --grid descend.probe.every=5,10 \
  --scenarios near.yaml --seeds 2 --jobs 1 --shard {}/3 -o shared.jsonl 2>err ||
  { cat err; fail "parallel"; }
sort shared.jsonl | cmp - sorted || fail "shards into one file give other rows"
seq 3 | parallel -j 3 "$lab" sweep --grid descend.keep=0.8,0.9,0.95 --grid descend.probe.every=5,10 \
  --scenarios near.yaml --seeds 2 --jobs 1 --shard {}/3 -o part-{}.jsonl 2>err ||
  { cat err; fail "parallel"; }
sort part-1.jsonl part-2.jsonl part-3.jsonl | cmp - sorted || fail "shards give other rows"

#!/bin/sh
# command_test.sh PIANISSIMO-LAB SOURCE: exit codes and files of the subcommand train, and that a run
# under the classifier it made is replayed without the file. Skipped where there is no rpart.
set -u
lab=$1
source=$2
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

cat >"$dir/busy.yaml" <<'YAML'
description: A full buffer, a camera and a phone in a pocket.
duration_s: 30
stations:
  - path_loss: 60
  - {path_loss: 66, traffic: {frames_per_second: 200}}
  - {path_loss: 66, traffic: idle}
YAML
sed 's/60/72/' "$dir/busy.yaml" >"$dir/other.yaml"

expect 64 'no such option' train --colour red
expect 64 'no leaves' train --leaves 1
expect 66 'no such scenario' train --train "$dir/none.yaml"
expect 64 'one scenario for both' train --train "$dir/busy.yaml" --test "$dir/busy.yaml"
says err 'busy is among the scenarios to train with and to test with'
for table in train.csv test.csv; do
  leaves "$dir/mine/$table" "$table" train --train "$dir/busy.yaml" --test "$dir/other.yaml" \
    --seeds 1 -o "$dir/mine"
done

there_is_no_r=$dir/empty
mkdir "$there_is_no_r"
path=$PATH PATH=$there_is_no_r
"$lab" train --train "$dir/busy.yaml" --test "$dir/other.yaml" --seeds 1 -o "$dir/out2" 2>"$dir/err"
status=$?
PATH=$path
[ "$status" -eq 69 ] || { echo "without R: status $status, not 69"; failed=1; }
says err 'there is no Rscript (Debian: r-cran-rpart)'

[ "$failed" -eq 0 ] || exit 1
Rscript -e 'quit(status = !requireNamespace("rpart", quietly = TRUE))' 2>"$dir/err" || {
  echo 'there is no rpart: nothing is fitted'
  exit 77
}
expect 0 'a classifier' train --train "$dir/busy.yaml" --test "$dir/other.yaml" --seeds 1 \
  -o "$dir/trained"
says out '| idle |'
[ "$(head -n 1 "$dir/trained/classifier.csv")" = 'pianissimo-classifier,1' ] || {
  cat "$dir/trained/classifier.csv"
  failed=1
}
expect 0 'the same once more' train --train "$dir/busy.yaml" --test "$dir/other.yaml" --seeds 1 \
  -o "$dir/trained"

# A journal holds the table: the file may be gone.
mv "$dir/trained/classifier.csv" "$dir/gone.csv"
for policy in anchor descend; do
  expect 0 "$policy" simulate "$dir/other.yaml" --policy $policy \
    --set "traffic.classifier=$dir/gone.csv" -o "$dir/$policy"
done
expect 0 'the classifier that is delivered' simulate "$dir/other.yaml" \
  --set "traffic.classifier=$source/experiments/train/classifier.csv" --bare
rm "$dir/gone.csv"
for policy in anchor descend; do
  expect 0 "$policy, replayed" replay "$dir/$policy/journal.jsonl"
  grep -q '"classifier":"pianissimo-classifier,1;' "$dir/$policy/journal.jsonl" || {
    echo "$policy: the journal does not hold the table"
    failed=1
  }
done
expect 78 'no such table' simulate "$dir/other.yaml" --set "traffic.classifier=$dir/gone.csv" --bare
says err "traffic.classifier: $dir/gone.csv: No such file or directory"
exit "$failed"

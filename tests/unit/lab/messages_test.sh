#!/bin/sh
# Whatever stands in names, arguments and files: messages have nothing in them that a terminal obeys.
# usage: messages_test.sh PIANISSIMO-LAB SOURCE_DIR
set -u
lab=$1
. "$2/tests/unit/command.sh"
escape=$(printf '\033')
override=$(printf '\342\200\256') # U+202E: right to left
evil="a${escape}[2J${override}b"
shown='a?[2J?b'

# speaks STATUS ARGUMENT...: it names what is wrong, and harmlessly.
speaks() {
  wanted=$1
  shift
  expect "$wanted" "$*" "$@"
  cat "$dir/out" "$dir/err" >"$dir/said"
  says said "$shown"
  if grep -q -e "$escape" -e "$override" "$dir/said"; then
    echo "raw text from outside in the answer to:" "$@"
    failed=1
  fi
}

mkdir "$dir/$evil" "$dir/empty$evil"
printf 'x' >"$dir/$evil/file"
speaks 64 simulate door "$evil"
speaks 64 simulate door "--$evil"
speaks 64 simulate door --seed "$evil"
speaks 64 evaluate --policies "$evil"
speaks 64 evaluate --scenarios door --seeds 1 --variant "$evil:descend.keep=0.9"
speaks 64 evaluate --scenarios door --seeds 1 --variant "x:$evil=1"
speaks 66 evaluate --scenarios "$dir/empty$evil"
speaks 66 simulate "$evil"
speaks 66 simulate door --bare -c "$evil.yaml"
speaks 78 simulate door --bare --set "$evil=1"
speaks 73 simulate door --out "$dir/$evil/file/x"
speaks 66 campaign "$evil"
printf 'description: x\nseconds: "%s"\n' '\e[2J' >"$dir/$evil.yaml"
speaks 65 campaign "$dir/$evil.yaml"
rm "$dir/$evil.yaml"
speaks 66 replay "$evil"
speaks 66 replay "$evil" -c "$evil.yaml"
speaks 66 report "$evil"
speaks 73 report "$2/tests/golden/visit_fails.jsonl" --svg "$dir/$evil/file/x"
speaks 66 export --csv "$dir/tables" "$evil"
speaks 73 export --csv "$dir/$evil/file/x" "$2/tests/golden/visit_fails.jsonl"
speaks 66 import orca "$evil" -o "$dir/x"
speaks 66 import pcap "$evil" -o "$dir/x"
speaks 64 sweep --grid "$evil" -o "$dir/x"
speaks 78 sweep --grid "$evil=1" --scenarios door -o "$dir/x"
speaks 64 sweep --grid descend.keep=0.9 --shard "$evil" -o "$dir/x"
speaks 66 sweep --grid descend.keep=0.9 --scenarios "$evil" -o "$dir/x"
speaks 73 sweep --grid descend.keep=0.9 --scenarios door -o "$dir/$evil/no/x"
speaks 64 traffic xdp --interface lo --source "$evil"
speaks 64 traffic xdp --interface lo --to "$evil" --from 10.0.0.1
speaks 64 traffic xdp-tcp --interface lo --to "$evil"

# A name that no file can have.
long=$(printf '%0300d' 0)
for command in 'simulate' 'report' 'replay' 'export --csv '"$dir"'/tables' 'evaluate --scenarios'; do
  # shellcheck disable=SC2086 # words
  expect 66 "$command with a name that is too long" $command "$long"
  says err 'File name too long'
done
expect 73 'a name that is too long' replay "$2/tests/golden/visit_fails.jsonl" -o "$dir/$long"
says err 'File name too long'
exit $failed

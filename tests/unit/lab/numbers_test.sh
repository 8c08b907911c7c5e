#!/bin/sh
# Numbers on the command line are those that were meant, or refused with their option.
# usage: numbers_test.sh PIANISSIMO-LAB SOURCE_DIR
set -u
lab=$1
. "$2/tests/unit/command.sh"

refuses() {
  option=$1 value=$2
  shift 2
  expect 64 "$option $value" "$@" "$option" "$value"
  says err "$option"
}

for value in 18446744073709551616 -1 1.5 1e3 0x10 '' ' 1' 1x; do
  refuses --seed "$value" simulate door --bare
  refuses --seed "$value" traffic udp --to 127.0.0.1 --pps 1
done
for value in 18446744073709551616 -1 1.5 18446744073709552k; do
  refuses --pps "$value" traffic udp --to 127.0.0.1
  refuses --rate "$value" traffic udp --to 127.0.0.1
  refuses --count "$value" traffic xdp --interface lo
done
for value in 4294967296 -1 1.5; do
  refuses --on-ms "$value" traffic udp --to 127.0.0.1 --pps 1 --off-ms 1
done
for value in 0 -1 4097 1000000000000000; do
  refuses --sources "$value" traffic xdp --interface lo
done
for value in 0 -1 1025 18446744073709551615; do
  refuses --flows "$value" traffic udp --to 127.0.0.1 --pps 1
done
for value in 0 -1 1.5 1025 4294967297; do
  refuses --jobs "$value" evaluate
  refuses --jobs "$value" sweep --grid descend.keep=0.9 -o "$dir/x"
done

expect 0 'the largest seed' simulate door --bare --seed 18446744073709551615
exit $failed

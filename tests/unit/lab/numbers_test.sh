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
xdp_udp='traffic xdp --interface lo --to 10.0.0.2 --from 10.0.0.1'
xdp_tcp='traffic xdp-tcp --interface lo --to 127.0.0.1'
for value in 0 -1 1.5 65536 18446744073709551617; do
  for option in --port --ports --source-port; do
    # shellcheck disable=SC2086 # words
    refuses $option "$value" $xdp_udp
  done
  # shellcheck disable=SC2086
  refuses --port "$value" $xdp_tcp
  refuses --threads "${value}000" traffic xdp --interface lo
done
for value in 18446744073709551616 -1 1.5 18446744073709552k; do
  # shellcheck disable=SC2086
  refuses --bytes "$value" $xdp_tcp
done
for value in 0 -1 1.5 3601 18446744073709551617; do
  # shellcheck disable=SC2086
  refuses --patience "$value" $xdp_tcp
done
for value in -1 1.5 1024 4294967296; do
  # shellcheck disable=SC2086
  refuses --cpu "$value" $xdp_tcp
done
for value in 0 -1 1.5 1025 4294967297; do
  refuses --jobs "$value" evaluate
  refuses --jobs "$value" sweep --grid descend.keep=0.9 -o "$dir/x"
done

expect 0 'the largest seed' simulate door --bare --seed 18446744073709551615
exit $failed

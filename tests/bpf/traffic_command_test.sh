#!/bin/bash
# pianissimo-lab traffic xdp and xdp-tcp as a user has them: figures, signals, errors, and nothing left.
# usage: traffic_command_test.sh PIANISSIMO-LAB SOURCE_DIR OBJECT_OF_LOSSY_BPF_C
set -u
lab=$1
. "$2/tests/unit/command.sh"
near=pianissimo-test-$$-near far=pianissimo-test-$$-far
children=()

clean() {
  for child in "${children[@]}"; do kill -KILL "$child" 2>/dev/null; done
  ip netns del "$near" 2>/dev/null
  ip netns del "$far" 2>/dev/null
  rm -rf "$dir"
}
trap clean EXIT

[ "$(id -u)" -eq 0 ] && ip netns add "$near" 2>/dev/null ||
  { echo 'skipped: network namespaces need root'; exit 77; }
ip netns add "$far"
ip -n "$near" link add va type veth peer name vb netns "$far"
ip -n "$near" address add 10.77.0.1/24 dev va
ip -n "$far" address add 10.77.0.2/24 dev vb
ip -n "$far" link set vb xdp obj "$3" program lossy
ip -n "$near" link set va up
ip -n "$far" link set vb up
ip -n "$near" link set lo up

# until WHAT COMMAND...: it holds within 20 seconds.
until_it() {
  what=$1
  shift
  for ((i = 0; i < 200; ++i)); do
    "$@" && return
    read -rt 0.1 <> <(:)
  done
  echo "not within 20 s: $what"
  failed=1
}

# sink: a receiver that says how many bytes have come once the sender has closed its side.
sink() {
  ip netns exec "$far" python3 -u -c '
import socket
listener = socket.create_server(("10.77.0.2", 5000))
print("listens")
connection, _ = listener.accept()
got, block = 0, bytearray(1 << 20)
while more := connection.recv_into(block):
    got += more
print(got)' >"$dir/sink" &
  sinking=$!
  children+=("$sinking")
  until_it 'the receiver listens' grep -q listens "$dir/sink"
}

sent() { ip netns exec "$near" awk '$1 == "va:" { print $11 }' /proc/net/dev; }
is_sending() { [ "$(sent)" -gt $((before + 2000)) ]; }
has_no_program() { ! ip -n "$near" link show va | grep -q xdp; }
value() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$dir/json" "$1"; }

tcp=(traffic xdp-tcp --netns "$near" --interface va --to 10.77.0.2 --port 5000)

sink
expect 0 'a transfer' "${tcp[@]}" --bytes 3M --json "$dir/json"
says out 'the peer has acknowledged 3000256 bytes'
wait "$sinking"
says sink 3000256
[ "$(value acknowledged_bytes)" = 3000256 ] || { echo "JSON: $(cat "$dir/json")"; failed=1; }

for signal in INT TERM; do
  sink
  before=$(sent)
  "$lab" "${tcp[@]}" --json "$dir/json" >"$dir/out" 2>"$dir/err" &
  sending=$!
  children+=("$sending")
  until_it "SIG$signal: it sends" is_sending
  kill -s "$signal" "$sending"
  wait "$sending" || { echo "SIG$signal: status $?"; cat "$dir/err"; failed=1; }
  wait "$sinking"
  says sink "$(value acknowledged_bytes)"
  [ "$(value peer_has_closed)" = True ] || { echo "SIG$signal: not closed"; failed=1; }
  has_no_program || { echo "SIG$signal: a program is left"; failed=1; }
done

sink
before=$(sent)
"$lab" "${tcp[@]}" >"$dir/out" 2>&1 &
sending=$!
until_it 'SIGKILL: it sends' is_sending
kill -KILL "$sending"
wait "$sending" 2>/dev/null
until_it 'SIGKILL: no program is left' has_no_program
kill -KILL "$sinking"
wait "$sinking" 2>/dev/null

xdp=(traffic xdp --netns "$near" --interface va)
expect 0 'UDP to many ports' "${xdp[@]}" --to 10.77.0.2 --from 10.77.0.1 --port 7000 --ports 100 --count 10k
says out 'sent 10000 frames'
expect 0 'threads' "${xdp[@]}" --threads 1 --count 10k
says out 'sent 10000 frames'
expect 64 'more threads than CPUs' "${xdp[@]}" --threads 1024
says err 'threads: 1024 need as many CPUs'
expect 64 'ports beyond the last' "${xdp[@]}" --to 10.77.0.2 --from 10.77.0.1 --port 65000 --ports 537
says err 'ports: expected 1 to 536 from port 65000 on, not 537'
expect 64 'one address' "${xdp[@]}" --to 10.77.0.2
expect 64 'two families' "${xdp[@]}" --to 10.77.0.2 --from fd77::1
expect 69 'nobody listens' "${tcp[@]}"
says err 'Connection refused'
expect 69 'no native XDP' traffic xdp-tcp --netns "$near" --interface lo --to 127.0.0.1
says err 'lo: has no native XDP'
expect 69 'no namespace' traffic xdp-tcp --netns nowhere --interface va --to 10.77.0.2
setpriv --bounding-set=-all --inh-caps=-all "$lab" traffic xdp-tcp --interface lo --to 127.0.0.1 2>"$dir/err"
[ $? -eq 77 ] || { echo 'without capabilities: not 77'; failed=1; }
says err 'CAP_BPF'
has_no_program || { echo 'a program is left'; failed=1; }
exit $failed

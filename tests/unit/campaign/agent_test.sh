#!/bin/sh
# agent_test.sh AGENT.SH SHELL...: a run's processes on this machine, with iperf3 over the loopback: it
# is begun once, it is stopped, and its guard does what a killed run cannot. Each run is over before it
# would start a daemon; tests/vm/campaign.sh has daemons.
set -u
agent=$1
shift
command -v iperf3 >/dev/null || { echo "iperf3 is not installed" && exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp "$agent" "$dir/agent.sh"
number=$((1000 + $$ % 20000)) # its port is 5200 more
failed=0

expect() {
  [ "$2" = "$3" ] && return
  echo "$shell: $1: '$2', not '$3'"
  failed=1
}
state() { $shell "$dir/agent.sh" state | sed -n 's/^state=//p'; }
traffic() { pgrep -f "iperf3 -c 127.0.0.1 -p $((5200 + number)) " | wc -l; }
serves() { $shell "$dir/agent.sh" serve "$((5200 + number))" 60; }
# begins ID: a run that would warm up for a minute.
begins() {
  echo 'policy: fixed' | $shell "$dir/agent.sh" start "$1" lo 60 10 auto "$number" 127.0.0.1 udp 1 1200
}
# comes_true SECONDS WANTED COMMAND: then what the command says is this.
comes_true() {
  left=$1
  while [ "$($3)" != "$2" ] && [ "$left" -gt 0 ]; do
    sleep 1
    left=$((left - 1))
  done
}

for shell in "$@"; do
  rm -rf "$dir/run" "$dir/current"
  expect 'before the first run' "$(state)" none
  serves
  begins one
  comes_true 10 1 traffic
  expect 'a run is going on' "$(state)" running
  expect 'it has traffic' "$(traffic)" 1
  expect 'asked for once more it is the same' "$(begins one)" ''
  expect 'and has no more traffic' "$(traffic)" 1
  expect 'another one must wait' "$(begins two)" 'a run is going on: one'
  $shell "$dir/agent.sh" stop
  expect 'a run that was stopped' "$(state)" 'failed it was stopped'
  expect 'leaves no traffic' "$(traffic)" 0

  serves
  begins two
  comes_true 10 1 traffic
  read -r id process guard <"$dir/current"
  kill -KILL "$process"
  comes_true 30 'failed its process did not end by itself' state
  expect 'a run that was killed' "$(state)" 'failed its process did not end by itself'
  expect 'leaves no traffic' "$(traffic)" 0

  serves
  begins three
  comes_true 10 1 traffic
  read -r id process guard <"$dir/current"
  kill -KILL "$guard" "$process"
  $shell "$dir/agent.sh" restore lo >/dev/null
  expect "after restore a run whose guard was killed, too, leaves no traffic ($id)" "$(traffic)" 0
  echo another >"$dir/boot"
  expect 'after a reboot nothing is known' "$(state)" none
  $shell "$dir/agent.sh" end "serve-$((5200 + number))"
done
exit "$failed"

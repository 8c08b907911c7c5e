#!/bin/bash
# A campaign on two access points at once, each in a virtual machine of its own, over real ssh: one
# loses its network in the middle of a run, one reboots in the middle of a run, there the process of the
# next run is killed, and once the campaign itself. Afterwards every run is there once, and the power found is back.
# Binaries as run.sh takes them.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
# shellcheck source=experiments/testbed/vm/common.sh
. "$repository/experiments/testbed/vm/common.sh"
build=$repository/build/release
PIANISSIMO_BIN=$(realpath "${PIANISSIMO_BIN:-$build/controller/service/pianissimo}")
PIANISSIMO_MEDIUM=$(realpath "${PIANISSIMO_MEDIUM:-$build/experiments/testbed/pianissimo-medium}")
lab=$(realpath "${PIANISSIMO_LAB:-$build/experiments/lab/pianissimo-lab}")
export PIANISSIMO_BIN PIANISSIMO_MEDIUM
out=${PIANISSIMO_OUT:-$repository/out/vm/campaign}
rm -rf "$out"
mkdir -p "$out"/{openwrt,debian}
vm=$repository/experiments/testbed/vm.sh
"$vm" module >/dev/null
log=$out/campaign.log campaign_pid=

failures=0
check() {
  if "${@:2}" >/dev/null 2>&1; then echo "ok - $1"; else echo "not ok - $1" && failures=$((failures + 1)); fi
}
# wait_for SECONDS WHAT COMMAND...
wait_for() {
  local end=$((SECONDS + $1))
  until "${@:3}" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "not ok - waited $1 s for $2" && failures=$((failures + 1)) && return 1; }
    sleep 0.2
  done
}

# machine NAME PORT: boots it, and again after it has rebooted.
machine() {
  while :; do
    VM_SSH_PORT=$2 "$vm" run --share "$out/$1" --timeout 900 "$here/campaign_router.sh" "$1" \
      >>"$out/$1.log" 2>&1
    local status=$?
    [ -e "$out/$1/rebooted" ] || return "$status"
    mv "$out/$1/rebooted" "$out/$1/has_rebooted"
  done
}

free_port() {
  local port
  port=$((20000 + RANDOM % 10000))
  while ss -Hltn "sport = $port" | grep -q .; do port=$((port + 1)); done
  echo "$port"
}

ssh-keygen -q -t ed25519 -N '' -f "$out/key"
: >"$out/ssh_config"
declare -A machines
for name in openwrt debian; do
  port=$(free_port)
  cp "$out/key.pub" "$out/$name/"
  cat >>"$out/ssh_config" <<CONFIG
Host $name
  HostName 127.0.0.1
  Port $port
  User root
  IdentityFile $out/key
  IdentitiesOnly yes
  StrictHostKeyChecking accept-new
  UserKnownHostsFile $out/known_hosts
CONFIG
  machine "$name" "$port" &
  machines[$name]=$!
done
# Whatever happens, nothing of ours runs on.
end_all() {
  [ -z "$campaign_pid" ] || kill "$campaign_pid" 2>/dev/null
  touch "$out"/{openwrt,debian}/end
  wait "${machines[@]}"
}
trap end_all EXIT

{
  cat <<YAML
description: Two levels at two access points, while much goes wrong.
ssh_config: ssh_config
seconds: 8
warm_up_s: 2
repetitions: 1
seed: 3
laws: [fixed-max, fixed-8]
traffic: {protocol: udp, mbps: 1, bytes: 1200}
places:
  - {name: near, sentence: The stations are simulated and stay where they are.}
access_points:
YAML
  for name in openwrt debian; do
    cat <<YAML
  - name: $name
    ssh: $name
    interface: wlan0
    daemon: $PIANISSIMO_BIN
    stations:
      - {name: sta1, ssh: $name, namespace: sta1, address: 10.0.0.11}
YAML
  done
} >"$out/small.yaml"

campaign() { "$lab" campaign "$out/small.yaml" --out "$out/results" --patience 240 "$@"; }
start_campaign() {
  "$lab" campaign "$out/small.yaml" --out "$out/results" --patience 240 >>"$log" 2>&1 </dev/null &
  campaign_pid=$!
}
# run_begins NUMBER: that run's daemon drives a radio; whose, is in $who.
run_begins() {
  wait_for 300 "run $1 to begin" grep -q "^$1 of 4: " "$log" || return 1
  who=$(sed -n "s|^$1 of 4: near/\([a-z]*\)/.*|\1|p" "$log" | tail -n 1)
  which=$(sed -n "s|^$1 of 4: ||p" "$log" | tail -n 1)
  wait_for 120 "the daemon of run $1" test -e "$out/$who/running"
}
give_up() {
  cat "$log" "$out"/{openwrt,debian}.log
  exit 1
}
# run_state NAME KEY: of state.json.
run_state() {
  python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["runs"][sys.argv[2]][sys.argv[3]])' \
    "$out/results/state.json" "$1" "$2"
}

for name in openwrt debian; do
  wait_for 200 "$name to be up" test -e "$out/$name/ready" || give_up
done
began=$SECONDS
check "a dry run says what would be done" campaign --dry-run
start_campaign

run_begins 1 || give_up
touch "$out/$who/cut"
cut=$which
run_begins 2 || give_up
kill -KILL "$campaign_pid"
killed=$which
wait "$campaign_pid" 2>/dev/null
start_campaign
run_begins 3 || give_up
touch "$out/$who/reboot"
rebooted=$which
run_begins 4 || give_up
touch "$out/$who/kill"
shot=$which
wait "$campaign_pid"
check "the campaign ends with status 0" test $? -eq 0
campaign_pid=
echo "# the campaign took $((SECONDS - began)) s"
cat "$log"

check "the lost connection was seen" grep -q 'not reached, trying again' "$log"
check "its run was not begun again" test "$(run_state "$cut" begun)" = 1
check "the run of the reboot was begun again" test "$(run_state "$rebooted" begun)" = 2
check "and it is known why" test "$(run_state "$rebooted" lost)" = "['the access point has rebooted']"
check "the run of the killed campaign was followed" grep -q "^$killed: it went on meanwhile" "$log"
check "and not begun again" test "$(run_state "$killed" begun)" = 1
check "the run whose process was killed was begun again" test "$(run_state "$shot" begun)" = 2
check "its guard had ended it" \
  test "$(run_state "$shot" lost)" = "['failed its process did not end by itself']"
check "every run is there" test "$(ls -d "$out"/results/near/*/001-fixed-*/run.json | wc -l)" -eq 4
check "once" test "$(wc -l <"$out/results/runs.csv")" -eq 5
# 20 dBm less 8 dBm, but for the moment in which the daemon starts.
check "what a level saves is measured" test "$(awk -F, \
  '$3 == "fixed-8" && $7 > 11 && $7 <= 12 || $3 == "fixed-max" && $7 == 0' "$out/results/runs.csv" | wc -l)" -eq 4
check "and what it keeps" test "$(awk -F, \
  '$3 != "law" && $6 > 0.8 && $6 < 1.2' "$out/results/runs.csv" | wc -l)" -eq 4
for name in openwrt debian; do
  check "a page of the block is there" grep -q '<!doctype html>' "$out/results/near/$name/001.html"
done
run=$out/results/near/openwrt/001-fixed-8
check "report reads a run" "$lab" report "$run" --baseline "${run%-*}-max"
check "its journal replays" "$lab" replay "$run/journal.jsonl"
check "what is done is not done again" campaign
check "both have the power found" test "$(grep -c '20.00 dBm, as it was found' "$log")" -eq 2

trap - EXIT
touch "$out"/{openwrt,debian}/end
for name in openwrt debian; do
  wait "${machines[$name]}"
  check "$name is as it was" test $? -eq 0
  grep -E '^(not )?ok' "$out/$name.log"
done
[ "$failures" -eq 0 ]

#!/bin/bash
# scenario_job.sh SCENARIO.yaml CONFIG.yaml yes|no SECONDS: in the guest, one run of run.sh.
# Leaves its results in $VM_SHARE. Lines that start with @progress are for run.sh.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=experiments/testbed/guest/lib.sh
. "$here/lib.sh"

scenario=$1 config=$2 aggregates=$3 duration=$4
journal=$(sed -n 's/.*path:[[:space:]]*\([^,}[:space:]]*journal[^,}[:space:]]*\).*/\1/p' "$config")
: "${journal:=/run/pianissimo/journal.jsonl}"

# Whatever happens, what there is to read goes to the host.
collect() {
  local file
  for file in "$testbed_state"/{truth.csv,daemon.log,hostapd.log,medium.log} \
    "$testbed_state"/iperf*.json "$journal"*; do
    [ ! -e "$file" ] || cp "$file" "$VM_SHARE/"
  done
}
trap collect EXIT

# give_up WHAT [LOG]: what went wrong, and the end of the log that tells more.
give_up() {
  echo "testbed: error: $1" >&2
  if [ -n "${2:-}" ] && [ -s "$2" ]; then
    echo "--- the end of $(basename "$2"):" >&2
    tail -n 25 "$2" >&2
  fi
  exit 1
}

stage() { echo "@progress stage $*"; }

# estimates: of all stations, one line.
estimates() {
  iw dev "$ap_interface" station dump |
    awk '/^Station/ { n++; value[n] = 0 } $1 == "expected" { sub(/Mbps/, "", $3); value[n] = $3 }
         END { for (i = 1; i <= n; i++) printf "%s ", value[i]; print "" }'
}

# Minstrel has converged when no estimate's mean of three readings differs by 7 % or more from the
# mean of the three before. A fading link may never get there; after 10 more seconds we go on.
warm_up() {
  local least=$1 began=$SECONDS readings=''
  while [ $((SECONDS - began)) -lt $((least + 10)) ]; do
    stage "warming up, $((SECONDS - began)) s ($(medium_control status))"
    sleep 0.7
    readings+="$(estimates)"$'\n'
    [ $((SECONDS - began)) -lt "$least" ] || ! steady "$readings" || return 0
  done
  echo "testbed: the estimates still move; going on" >&2
}

steady() {
  tail -n 6 <<<"${1%$'\n'}" | awk '
    { for (i = 1; i <= NF; i++) if (NR <= 3) before[i] += $i; else after[i] += $i; columns = NF }
    END { if (NR < 6) exit 1
          for (i = 1; i <= columns; i++) {
            change = after[i] - before[i]
            if (before[i] == 0 || change * change > (0.07 * before[i]) ^ 2) exit 1 } }'
}

start_daemon() {
  mkdir -p "$(dirname "$journal")"
  "$PIANISSIMO_BIN" run -c "$config" >"$testbed_state/daemon.log" 2>&1 &
  daemon_pid=$!
}

daemon_lives() {
  process_gone "$daemon_pid" || return 0
  local status=0
  wait "$daemon_pid" || status=$?
  give_up "the daemon ended by itself, with status $status" "$testbed_state/daemon.log"
}

stop_daemon() {
  daemon_lives
  stop_process "$daemon_pid"
  local status=0
  wait "$daemon_pid" || status=$?
  # 143: it did not catch SIGTERM, which is what a stand-in shell loop does.
  [ "$status" -eq 0 ] || [ "$status" -eq 143 ] ||
    give_up "the daemon ended with status $status" "$testbed_state/daemon.log"
}

measure() {
  local number second=0 began
  for number in $(seq "$station_count"); do
    bytes_before[number]=$(received_bytes "$number")
  done
  start_daemon
  start_s=$(medium_control start) || give_up "the medium is gone" "$testbed_state/medium.log"
  began=$((${start_s%.*} + 1))
  # Counted by the clock, not by the turns: on a busy machine a turn takes more than a second.
  while [ "$second" -lt "$duration" ]; do
    echo "@progress run $second $duration $(medium_control status)"
    sleep 1
    daemon_lives
    second=$(($(medium_control now | cut -d. -f1) - began)) ||
      give_up "the medium is gone" "$testbed_state/medium.log"
  done
  end_s=$(medium_control now)
  for number in $(seq "$station_count"); do
    bytes_after[number]=$(received_bytes "$number")
  done
  echo "@progress run $duration $duration $(medium_control status)"
  stop_daemon
}

write_traffic() {
  local number mac comma=''
  echo '['
  for number in $(seq "$station_count"); do
    mac=$(station_mac "$number")
    awk -F, -v mac="$mac" -v from="$start_s" -v to="$end_s" -v comma="$comma" \
      -v received=$((bytes_after[number] - bytes_before[number])) '
      $2 == mac && $1 > from && $1 <= to { bytes += $10; airtime += $11 }
      END { printf "%s{\"station\": \"%s\", \"received_bytes_per_s\": %.0f, ", comma, mac,
                   received / (to - from)
            printf "\"air_bytes_per_s\": %.0f, \"airtime_share\": %.4f, ", bytes / (to - from),
                   airtime / 1e6 / (to - from)
            capacity = airtime > 0 ? 8 * bytes / airtime : 0
            printf "\"capacity_mbps\": %.2f}\n", capacity }' \
      "$testbed_state/truth.csv"
    comma=', '
  done
  echo ']'
}

write_run() {
  local number macs='' comma=''
  for number in $(seq "$station_count"); do
    macs+="$comma\"$(station_mac "$number")\""
    comma=', '
  done
  cat <<JSON
{
  "scenario": "$(scenario_value name)",
  "label": "$PIANISSIMO_LABEL",
  "date": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "kernel": "$(uname -r)",
  "kernel_package": "$PIANISSIMO_KERNEL_PACKAGE",
  "accelerator": "$PIANISSIMO_ACCELERATOR",
  "aggregates": $([ "$aggregates" = yes ] && echo true || echo false),
  "seed": $(scenario_value seed),
  "start_s": $start_s,
  "end_s": $end_s,
  "stations": [$macs],
  "medium": "$(medium_control counters)"
}
JSON
}

stage "bringing up the access point and its stations"
options=()
[ "$aggregates" = yes ] || options=(--no-aggregates)
testbed_up "$scenario" "${options[@]}" || give_up "the testbed did not come up" \
  "$testbed_state/hostapd.log"
set_power 20 || give_up "the AP's power cannot be set"
stage "starting traffic"
traffic_start || give_up "no traffic" "$testbed_state/medium.log"
warm_up "$(scenario_value warm_up_s)"
bytes_before=() bytes_after=()
measure
stage "stopping"
traffic_stop
write_traffic >"$VM_SHARE/traffic.json"
write_run >"$VM_SHARE/run.json"
stop_process "$medium_pid" # writes the truth to its end

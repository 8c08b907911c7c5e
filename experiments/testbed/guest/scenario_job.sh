#!/bin/bash
# scenario_job.sh SCENARIO.yaml yes|no SECONDS LABEL=BIT_RATE=CONFIG.yaml...: in the guest, the runs of
# run.sh, one after the other on the same channel. Leaves their results in $VM_SHARE, of several runs in a
# folder for each label. Lines that start with @progress are for run.sh.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=experiments/testbed/guest/lib.sh
. "$here/lib.sh"

scenario=$1 aggregates=$2 duration=$3
shift 3
labels=("${@%%=*}") configs=("${@#*=*=}") bit_rates=("${@#*=}")
bit_rates=("${bit_rates[@]%%=*}")

# folder_of LABEL: where this run's results go.
folder_of() {
  if [ ${#labels[@]} -eq 1 ]; then echo "$VM_SHARE"; else echo "$VM_SHARE/$1"; fi
}

# use_config LABEL CONFIG: the next run's.
use_config() {
  label=$1 config=$2
  journal=$(sed -n 's/.*path:[[:space:]]*\([^,}[:space:]]*journal[^,}[:space:]]*\).*/\1/p' "$config")
  : "${journal:=/run/pianissimo/journal.jsonl}"
  mkdir -p "$(folder_of "$label")"
  begun+=("$label")
}

# What the daemon of this run has left goes to the host, and makes room for the next one's.
collect_run() {
  local file
  for file in "$testbed_state/daemon.log" "$journal"*; do
    [ ! -e "$file" ] || { cp "$file" "$(folder_of "$label")/" && rm "$file"; }
  done
}

# Whatever happens, what there is to read goes to the host.
collect() {
  local file one
  collect_run
  for one in "${begun[@]}"; do
    for file in "$testbed_state"/{truth.csv,hostapd.log,medium.log} "$testbed_state"/iperf*.json; do
      [ ! -e "$file" ] || cp "$file" "$(folder_of "$one")/"
    done
  done
}
begun=()
use_config "${labels[0]}" "${configs[0]}"
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
  start_s[index]=$(medium_control start) || give_up "the medium is gone" "$testbed_state/medium.log"
  began=$((${start_s[index]%.*} + 1))
  # Counted by the clock, not by the turns: on a busy machine a turn takes more than a second.
  while [ "$second" -lt "$duration" ]; do
    echo "@progress run $second $duration $(medium_control status)"
    sleep 1
    daemon_lives
    second=$(($(medium_control now | cut -d. -f1) - began)) ||
      give_up "the medium is gone" "$testbed_state/medium.log"
  done
  end_s[index]=$(medium_control now)
  for number in $(seq "$station_count"); do
    received[$index,$number]=$(($(received_bytes "$number") - bytes_before[number]))
  done
  echo "@progress run $duration $duration $(medium_control status)"
  stop_daemon
}

write_traffic() {
  local number mac comma=''
  echo '['
  for number in $(seq "$station_count"); do
    mac=$(station_mac "$number")
    awk -F, -v mac="$mac" -v from="${start_s[index]}" -v to="${end_s[index]}" \
      -v comma="$comma" -v received="${received[$index,$number]}" '
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
  "label": "${labels[index]}",
  "date": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "kernel": "$(uname -r)",
  "kernel_package": "$PIANISSIMO_KERNEL_PACKAGE",
  "accelerator": "$PIANISSIMO_ACCELERATOR",
  "aggregates": $([ "$aggregates" = yes ] && echo true || echo false),
  "seed": $(scenario_value seed),
  "start_s": ${start_s[index]},
  "end_s": ${end_s[index]},
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
declare -A received
bytes_before=() start_s=() end_s=()
for index in "${!labels[@]}"; do
  if [ "$index" -gt 0 ]; then
    use_config "${labels[index]}" "${configs[index]}"
    medium_control rewind >/dev/null || give_up "the medium is gone" "$testbed_state/medium.log"
    set_power 20 || give_up "the AP's power cannot be set"
  fi
  echo "@progress label $label"
  set_bit_rate "${bit_rates[index]}" || give_up "the AP's bit rate cannot be set"
  warm_up "$(scenario_value warm_up_s)"
  measure
  collect_run
done
stage "stopping"
traffic_stop
for index in "${!labels[@]}"; do
  write_traffic >"$(folder_of "${labels[index]}")/traffic.json"
  write_run >"$(folder_of "${labels[index]}")/run.json"
done
stop_process "$medium_pid" # writes the truth to its end

# shellcheck shell=bash
# Sourced by jobs in the guest: radios, medium, AP, stations and traffic, up and down.
#
#   testbed_up SCENARIO.yaml [--no-aggregates]   everything but traffic; stations are associated
#   traffic_start / traffic_stop / traffic_restart
#                                                what the scenario says, from the AP
#   testbed_down                                 undoes testbed_up
#
# Everything that runs keeps its log and results in $testbed_state. A function that waits does so
# on a condition and with a limit; when it gives up it says what it waited for and returns 1.
# The limits are for two busy cores and emulation: idle, nothing takes a tenth of them.

testbed_source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
testbed_state=/run/testbed
ap_interface=wlan0
ap_address=10.0.0.1
nobodys_address=10.0.255.254
: "${PIANISSIMO_MEDIUM:=$testbed_source/../../build/release/experiments/testbed/pianissimo-medium}"

# shellcheck source=experiments/testbed/guest/access_point.sh
. "$testbed_source/guest/access_point.sh"
# shellcheck source=experiments/testbed/guest/stations.sh
. "$testbed_source/guest/stations.sh"

fail() {
  echo "testbed: error: $*" >&2
  return 1
}

# wait_for SECONDS WHAT COMMAND...: until COMMAND succeeds.
wait_for() {
  local limit=$1 what=$2
  shift 2
  local end=$((SECONDS + limit))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { fail "waited $limit s for $what"; return 1; }
    sleep 0.1
  done
}

# stop_process PID [SIGNAL]: and wait until it is gone.
stop_process() {
  local pid=$1
  kill -s "${2:-TERM}" "$pid" 2>/dev/null || return 0
  wait_for 15 "process $pid to end" process_gone "$pid" || kill -s KILL "$pid" 2>/dev/null
}

# A child of this shell that has ended stays in the process table until it is waited for.
process_gone() {
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || true
  [ -z "$state" ] || [ "$state" = Z ]
}

# --- the whole ----------------------------------------------------------------------------------

testbed_up() {
  local scenario=$1 aggregates=yes
  [ "${2:-}" != --no-aggregates ] || aggregates=no
  mkdir -p "$testbed_state"
  "$PIANISSIMO_MEDIUM" describe "$scenario" >"$testbed_state/scenario" ||
    { fail "the scenario is not usable"; return 1; }
  station_count=$(scenario_value stations)
  radios_up "$aggregates" && medium_up "$scenario" "$aggregates" && regulatory_domain US &&
    access_point_up && stations_up
}

testbed_down() {
  traffic_stop
  stations_down
  access_point_down
  medium_down
  modprobe -r mac80211_hwsim
}

# scenario_value NAME: as pianissimo-medium describes it.
scenario_value() { sed -n "s/^$1=//p" "$testbed_state/scenario"; }

radios_up() {
  local aggregates=$1 radios=$((station_count + 1))
  if [ "$aggregates" = yes ]; then
    modprobe -a mac80211 virtio_ring || return 1
    insmod "$VM_KERNEL/mac80211_hwsim.ko" radios="$radios" ||
      { fail "the hwsim module with aggregates does not load"; return 1; }
  else
    modprobe mac80211_hwsim radios="$radios" || return 1
  fi
  wait_for 30 "$radios radios" test -e "/sys/class/net/wlan$station_count"
}

regulatory_domain() {
  iw reg set "$1"
  wait_for 30 "regulatory domain $1 (is wireless-regdb installed?)" regulatory_domain_is "$1"
}

regulatory_domain_is() { iw reg get | grep -q "^country $1:"; }

# --- the medium ---------------------------------------------------------------------------------

medium_up() {
  local scenario=$1 options=()
  [ "$2" = no ] || options=(--aggregates)
  # Before all others: a late medium is a slow radio.
  nice -n -15 "$PIANISSIMO_MEDIUM" run --scenario "$scenario" --truth "$testbed_state/truth.csv" \
    --control "$testbed_state/medium.socket" --interface "$ap_interface" "${options[@]}" \
    >"$testbed_state/medium.log" 2>&1 &
  medium_pid=$!
  wait_for 15 "the medium" medium_control counters || { cat "$testbed_state/medium.log"; return 1; }
}

medium_down() { [ -z "${medium_pid:-}" ] || stop_process "$medium_pid"; }

# medium_control COMMAND...: start | rewind (to before it) | now | loss N|all DB|plan | fading on|off | status | counters
medium_control() { "$PIANISSIMO_MEDIUM" control "$testbed_state/medium.socket" "$@"; }

# set_path_loss STATION|all DB: from now on; `plan` instead of DB: as the scenario says.
set_path_loss() { medium_control loss "$1" "$2" >/dev/null; }

# --- power --------------------------------------------------------------------------------------

# current_power: of the AP, in whole dBm.
current_power() {
  iw dev "$ap_interface" info | awk '$1 == "txpower" { print int($2); found = 1 }
                                     END { exit !found }'
}

# set_power DBM: as an operator would, and make sure that it came through.
set_power() {
  iw dev "$ap_interface" set txpower fixed "$(($1 * 100))" || return 1
  wait_for 5 "the power to be $1 dBm" power_is "$1"
}

power_is() { [ "$(current_power)" = "$1" ]; }

# --- bit rate -----------------------------------------------------------------------------------

# set_bit_rate auto|slowest|MCS|MCSxSTREAMS: of data to the stations; auto is what Minstrel-HT chooses.
# The width stays the link's (NL80211_CMD_SET_TX_BITRATE_MASK), and so does the guard interval: Linux 6.1
# does not hold Minstrel-HT to that of the mask.
set_bit_rate() {
  local mask=()
  case $1 in
    auto) ;;
    slowest) mask=(vht-mcs-5 1:0 lgi-5) ;;
    *x*) mask=(vht-mcs-5 "${1#*x}:${1%x*}" sgi-5) ;;
    *) mask=(vht-mcs-5 "2:$1" sgi-5) ;;
  esac
  iw dev "$ap_interface" set bitrates "${mask[@]}"
}

# --- traffic ------------------------------------------------------------------------------------

# UDP from the AP, as much as the scenario says, and a little from the stations so that their
# signal stays known. The small send buffer is the back-pressure that hwsim lacks: the kernel
# charges frames to it until they have been on the air.
traffic_start() {
  local number bytes peer
  traffic_pids=()
  for number in $(seq "$station_count"); do
    peer=$ap_address
    if ! has_traffic "$number"; then
      # An idle station is sent nothing, not even an answer: to an address that nobody has.
      peer=$nobodys_address
      ip -n "sta$number" neigh replace "$peer" dev "wlan$number" \
        lladdr "$(cat "/sys/class/net/$ap_interface/address")"
    fi
    ip netns exec "sta$number" ping -q -i 0.2 "$peer" \
      >"$testbed_state/ping-$number.log" 2>&1 &
    traffic_pids+=($!)
    has_traffic "$number" || continue
    ip netns exec "sta$number" iperf3 -s -1 -J >"$testbed_state/iperf-server-$number.json" 2>&1 &
    traffic_pids+=($!)
  done
  for number in $(seq "$station_count"); do
    has_traffic "$number" || continue
    wait_for 60 "iperf3 server $number" traffic_server_listens "$number" || return 1
    bytes=$(scenario_value "bytes_$number")
    iperf3 -c "$(station_address "$number")" -u -w 4K -l "$bytes" -t 86400 -J \
      -b "$(awk "BEGIN { print int($(frames_per_second "$number") * $bytes * 8) }")" \
      >"$testbed_state/iperf-$number.json" 2>&1 &
    traffic_pids+=($!)
  done
  for number in $(seq "$station_count"); do
    has_traffic "$number" || continue
    wait_for 60 "traffic to station $number" traffic_flows "$number" ||
      { cat "$testbed_state/iperf-$number.json"; return 1; }
  done
}

frames_per_second() { scenario_value "frames_per_second_$1"; }
has_traffic() { [ "$(frames_per_second "$1")" != 0 ]; }
traffic_server_listens() { ip netns exec "sta$1" ss -Hltn "sport = 5201" | grep -q LISTEN; }

# More than the handshake has arrived.
traffic_flows() { [ "$(received_bytes "$1")" -gt 50000 ]; }

# received_bytes STATION: what its interface has received, in bytes.
received_bytes() {
  ip netns exec "sta$1" cat "/sys/class/net/wlan$1/statistics/rx_bytes"
}

# iperf3 gives up when the interface goes away, so tests that do that start traffic anew.
traffic_restart() { traffic_stop && traffic_start; }

# Newest first: clients end before their servers, and both write their results.
traffic_stop() {
  local index
  for ((index = ${#traffic_pids[@]} - 1; index >= 0; index--)); do
    stop_process "${traffic_pids[index]}"
  done
  traffic_pids=()
}

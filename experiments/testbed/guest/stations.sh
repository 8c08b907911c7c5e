# shellcheck shell=bash disable=SC2154 # testbed_state, ap_*: of lib.sh
# Sourced by lib.sh: wpa_supplicant stations, each in a network namespace of its own. Station N is
# sta<N> with interface wlan<N>.

station_address() { echo "10.0.$(($1 / 200)).$((10 + $1 % 200))"; }

# station_mac N: as hwsim assigns it, and as the truth names it.
station_mac() { printf '02:00:00:00:%02x:00\n' "$1"; }

# Starting processes is what takes time in an emulated machine, so the stations start at once.
stations_up() {
  local number pids=() pid
  for number in $(seq "$station_count"); do
    station_up "$number" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do
    wait "$pid" || { fail "a station did not start"; return 1; }
  done
  for number in $(seq "$station_count"); do
    wait_for 90 "station $number to associate" station_associated "$number" ||
      { tail -n 20 "$testbed_state/wpa-$number.log"; return 1; }
  done
}

stations_down() {
  local number
  for number in $(seq "${station_count:-0}"); do
    station_leaves "$number"
    ip netns del "sta$number"
  done
}

station_up() {
  local number=$1 name=sta$1 interface=wlan$1
  ip netns add "$name"
  iw phy "$(cat "/sys/class/net/$interface/phy80211/name")" set netns name "$name"
  station_config >"$testbed_state/wpa-$number.conf"
  ip -n "$name" link set lo up
  ip -n "$name" address add "$(station_address "$number")/16" dev "$interface"
  station_returns "$number" start
}

# Two spatial streams, as most clients have.
station_config() {
  local streams
  cat <<CONF
country=US
network={
 ssid="testbed"
 key_mgmt=NONE
 scan_freq=5180 5745
 vht_capa=0
 vht_rx_mcs_nss_1=2
 vht_rx_mcs_nss_2=2
 vht_tx_mcs_nss_1=2
 vht_tx_mcs_nss_2=2
CONF
  for streams in 3 4 5 6 7 8; do
    printf ' vht_rx_mcs_nss_%d=3\n vht_tx_mcs_nss_%d=3\n' "$streams" "$streams"
  done
  echo '}'
}

# The AP knows it and data may flow.
station_associated() {
  iw dev "$ap_interface" station get "$(station_mac "$1")" | grep -q 'authorized:[[:space:]]*yes'
}

station_gone() { ! station_associated "$1"; }

# station_returns N: the counterpart of station_leaves; waits until it is associated again.
station_returns() {
  local number=$1
  ip netns exec "sta$number" wpa_supplicant -B -t -D nl80211 -i "wlan$number" \
    -P "$testbed_state/wpa-$number.pid" -f "$testbed_state/wpa-$number.log" \
    -c "$testbed_state/wpa-$number.conf" || return 1
  # Debian's kernel lets stations sleep by default; a sleeping station is another experiment.
  ip netns exec "sta$number" iw dev "wlan$number" set power_save off
  [ "${2:-}" = start ] || wait_for 60 "station $number to return" station_associated "$number"
}

# station_leaves N: says goodbye and switches its radio off.
station_leaves() {
  local pid
  pid=$(cat "$testbed_state/wpa-$1.pid" 2>/dev/null) || return 0
  stop_process "$pid"
  ip -n "sta$1" link set "wlan$1" down
  wait_for 20 "station $1 to leave" station_gone "$1"
}

# kick_station N: the AP deauthenticates it; wpa_supplicant will come back by itself.
kick_station() { access_point_control deauthenticate "$(station_mac "$1")" >/dev/null; }

# station_estimate N: expected throughput in Mbit/s, 0 if the kernel tells none.
station_estimate() {
  iw dev "$ap_interface" station get "$(station_mac "$1")" |
    awk '$1 == "expected" { sub(/Mbps/, "", $3); value = $3 } END { print value + 0 }'
}

# station_signal N: in dBm, as the AP hears it.
station_signal() {
  iw dev "$ap_interface" station get "$(station_mac "$1")" | awk '$1 == "signal:" { print $2 }'
}

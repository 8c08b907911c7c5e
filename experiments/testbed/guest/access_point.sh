# shellcheck shell=bash disable=SC2154 # testbed_state, ap_*: of lib.sh
# Sourced by lib.sh: hostapd, and what may happen to an access point.

access_point_up() {
  cat >"$testbed_state/hostapd.conf" <<CONF
interface=$ap_interface
driver=nl80211
ctrl_interface=$testbed_state/hostapd
ssid=testbed
country_code=US
hw_mode=a
channel=36
wmm_enabled=1
ieee80211n=1
ht_capab=[SHORT-GI-20][HT40+][SHORT-GI-40]
ieee80211ac=1
vht_capab=[SHORT-GI-80][RXLDPC]
vht_oper_chwidth=1
vht_oper_centr_freq_seg0_idx=42
auth_algs=1
max_num_sta=256
beacon_int=100
# Only tests make stations leave.
ap_max_inactivity=3600
disassoc_low_ack=0
CONF
  start_hostapd
}

access_point_down() { stop_hostapd; }

start_hostapd() {
  ip address replace "$ap_address/16" dev "$ap_interface"
  hostapd -t "$testbed_state/hostapd.conf" >>"$testbed_state/hostapd.log" 2>&1 &
  hostapd_pid=$!
  wait_for 30 "the access point" access_point_enabled ||
    { tail -n 20 "$testbed_state/hostapd.log"; return 1; }
}

stop_hostapd() {
  [ -z "${hostapd_pid:-}" ] || stop_process "$hostapd_pid"
  hostapd_pid=''
}

restart_hostapd() { stop_hostapd && start_hostapd; }

access_point_enabled() { access_point_control status | grep -q '^state=ENABLED'; }

# access_point_control COMMAND...: hostapd_cli
access_point_control() { hostapd_cli -p "$testbed_state/hostapd" -i "$ap_interface" "$@"; }

# As `wifi down` does on a router: the AP ends and its interface disappears.
delete_ap_interface() {
  access_point_phy=$(cat "/sys/class/net/$ap_interface/phy80211/name")
  stop_hostapd
  iw dev "$ap_interface" del
}

# The same name, a new index.
recreate_ap_interface() {
  iw phy "$access_point_phy" interface add "$ap_interface" type managed && start_hostapd
}

# switch_channel 36|149: announced to the stations (CSA), which follow; 80 MHz.
switch_channel() {
  local primary center
  case $1 in
    36) primary=5180 center=5210 ;;
    149) primary=5745 center=5775 ;;
    *) fail "switch_channel: 36 or 149, not '$1'"; return 1 ;;
  esac
  access_point_control chan_switch 5 "$primary" "center_freq1=$center" bandwidth=80 \
    sec_channel_offset=1 ht vht >/dev/null &&
    wait_for 30 "the AP on channel $1" access_point_on "$primary"
}

access_point_on() { iw dev "$ap_interface" info | grep -q "channel .*($1 MHz)"; }

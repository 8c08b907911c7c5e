#!/bin/bash
# campaign_router.sh openwrt|debian: a router for campaign.sh: an access point with one station, and
# dropbear, OpenWrt's ssh server. "openwrt" has busybox and nothing else for a shell. What shall happen
# to it is told by files in $VM_SHARE: `cut` (no network for 40 s), `reboot`, `kill` (the run's process),
# `end`. It says `ready`, and `running` while a daemon drives its radio.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"
kind=$1

# Another login shell, and another world of programs.
busybox_only() {
  local bin=/run/router/bin program
  mkdir -p "$bin"
  busybox --install -s "$bin"
  for program in iw iperf3; do ln -s "$(command -v "$program")" "$bin/$program"; done
  printf '#!/bin/busybox sh\nexport PATH=%s\nexec /bin/busybox sh "$@"\n' "$bin" >/run/router/shell
  chmod 755 /run/router/shell
  sed -i 's|^\(root:.*:\)[^:]*$|\1/run/router/shell|' /etc/passwd
  echo /run/router/shell >>/etc/shells
}

ssh_server() {
  modprobe virtio_net
  wait_for 20 "the network" test -e /sys/class/net/eth0 || return 1
  ip address add 192.168.76.15/24 dev eth0
  ip link set eth0 up
  # Not this machine's own: what its shells do when they begin is no router's.
  mount -t tmpfs -o mode=700 root /root
  mkdir -m 700 /root/.ssh
  cp "$VM_SHARE/key.pub" /root/.ssh/authorized_keys
  chmod 600 /root/.ssh/authorized_keys
  # A reboot does not change it.
  [ -e "$VM_SHARE/host_key" ] || dropbearkey -t ed25519 -f "$VM_SHARE/host_key" >/dev/null
  cp "$VM_SHARE/host_key" /run/host_key
  dropbear -F -E -s -p 22 -r /run/host_key >"$testbed_state/dropbear.log" 2>&1 &
}

daemon_drives() { pgrep -f '/pianissimo run -c' >/dev/null; }
none_drives() { ! daemon_drives; }
no_traffic() { ! pgrep -x iperf3; }
nothing_in_tmp() { ! compgen -G '/tmp/pianissimo-campaign-*'; }

rm -f "$VM_SHARE"/{ready,running,cut,kill,reboot,end}
scenario=$testbed_state/scenario.yaml
mkdir -p "$testbed_state"
sed '/path_loss/,$d' "$vm_tests/two-near.yaml" >"$scenario"
printf '  - path_loss: 70\n    traffic: {frames_per_second: 100}\n' >>"$scenario"
testbed_up "$scenario" || exit 1
set_power 20 || exit 1
[ "$kind" != openwrt ] || busybox_only
ssh_server || exit 1
touch "$VM_SHARE/ready"
while [ ! -e "$VM_SHARE/end" ]; do
  if daemon_drives; then touch "$VM_SHARE/running"; else rm -f "$VM_SHARE/running"; fi
  if [ -e "$VM_SHARE/cut" ]; then
    ip link set eth0 down
    rm -f "$VM_SHARE/cut"
    sleep 40
    ip link set eth0 up
  fi
  if [ -e "$VM_SHARE/kill" ]; then
    pkill -KILL -f 'agent.sh run '
    rm -f "$VM_SHARE/kill"
  fi
  if [ -e "$VM_SHARE/reboot" ]; then
    mv "$VM_SHARE/reboot" "$VM_SHARE/rebooted"
    cp "$testbed_state"/*.log "$VM_SHARE/"
    echo b >/proc/sysrq-trigger
  fi
  sleep 0.2
done
check "$kind: the power found is back" power_is 20
check "$kind: no daemon runs" none_drives
check "$kind: no iperf3 runs" no_traffic
check "$kind: nothing is left in /tmp" nothing_in_tmp
cp "$testbed_state"/*.log "$VM_SHARE/"
finish

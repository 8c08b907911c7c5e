#!/bin/sh
# agent.sh COMMAND [ARGUMENT...]: the part of a campaign that runs on a router, from the folder it is in.
# POSIX sh, and no program that OpenWrt's busybox lacks: no timeout, setsid, nohup or cksum.
#
#   look INTERFACE        what a campaign must know before it begins, as name=value lines
#   start ID INTERFACE WARM_UP SECONDS RATE CLIENT...
#                         begins a run and returns; the daemon's configuration is on standard input, the
#                         clients (NUMBER ADDRESS PROTOCOL MBPS BYTES) are five words each
#   state                 the boot, and what has become of the last run
#   list ID               the run's files: size and name
#   stop                  ends the run that is going on, and puts everything back
#   restore INTERFACE     the same, also after a run whose processes were killed
#   serve PORT SECONDS [NAMESPACE]       iperf3's server, for one test, on a station
#   capture ID INTERFACE SECONDS         tcpdump, on a third machine, of a run of so many seconds
#   end NAME              ends what serve or capture began
#
# A run needs nobody once it has begun: it ends at its time and puts the power back, whoever is still
# there to see it. A guard does that in its place if its own process is killed.
set -u
work=$(cd "$(dirname "$0")" && pwd) || exit 1
agent=$work/agent.sh
runs=$work/run
daemon=$work/pianissimo
[ -x "$daemon" ] || daemon=pianissimo
boot=$(cat /proc/sys/kernel/random/boot_id)
longest_start=10 # seconds, of the daemon

# What an earlier boot left here says nothing about this one.
[ "$(cat "$work/boot" 2>/dev/null)" = "$boot" ] || {
  rm -rf "$runs" "$work/state" "$work/current" "$work/rate"
  echo "$boot" >"$work/boot"
}

die() {
  echo "$*"
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1 && echo yes || echo no; }
# Seconds since the boot, which is what the journal's t_ns counts.
now() { cut -d ' ' -f 1 /proc/uptime; }
power_of() { iw dev "$1" info 2>/dev/null | awk '$1 == "txpower" { print $2; exit }'; }
is_alive() { kill -0 "$1" 2>/dev/null; }

# ends_within SECONDS PID
ends_within() {
  waited=0
  while is_alive "$2"; do
    [ "$waited" -lt "$1" ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
}

look() {
  echo "boot=$boot"
  echo "kernel=$(uname -r)"
  echo "iw=$(has iw)"
  echo "iperf3=$(has iperf3)"
  echo "daemon=$(has "$daemon")"
  echo "version=$("$daemon" --version 2>&1 | head -n 1)"
  echo "power=$(power_of "$1")"
  echo "access_point=$(iw dev "$1" info 2>/dev/null | awk '$1 == "type" { print $2; exit }')"
}

# set_bit_rate INTERFACE slowest|MCS|MCSxSTREAMS: of data to the stations. 2.4 GHz: HT; above: VHT. The
# kernel does not tell which rates were allowed before; afterwards all are.
set_bit_rate() {
  mhz=$(iw dev "$1" info | sed -n 's/.*channel [0-9]* (\([0-9]*\) MHz).*/\1/p')
  streams=2
  case $2 in
    slowest) mcs=0 streams=1 ;;
    *x*) mcs=${2%x*} streams=${2#*x} ;;
    *) mcs=$2 ;;
  esac
  echo "$1" >"$work/rate"
  if [ "${mhz:-5000}" -lt 3000 ]; then
    [ "$mcs" -le 7 ] || { echo "there is no MCS $mcs at 2.4 GHz"; return 1; }
    iw dev "$1" set bitrates ht-mcs-2.4 $((8 * (streams - 1) + mcs))
  else
    iw dev "$1" set bitrates vht-mcs-5 "$streams:$mcs"
  fi
}

# Everything as it was before the run; once more does no harm.
put_back() {
  pid=$(cat "$work/daemon.pid" 2>/dev/null) && {
    kill -TERM "$pid" 2>/dev/null
    ends_within 10 "$pid" || kill -KILL "$pid" 2>/dev/null
  }
  rm -f "$work/daemon.pid"
  [ ! -r "$work/clients" ] || while read -r pid; do kill "$pid" 2>/dev/null; done <"$work/clients"
  rm -f "$work/clients"
  [ ! -r "$work/rate" ] || iw dev "$(cat "$work/rate")" set bitrates
  rm -f "$work/rate"
  [ ! -e "$work/state/found.json" ] || "$daemon" restore --state-dir "$work/state"
}

start() {
  id=$1
  if is_running; then
    # Whoever lost the connection before the answer asks again.
    [ "$last" = "$id" ] || die "a run is going on: $last"
    return
  fi
  # The guard of the run before looks for that one's result.
  [ -z "$guard" ] || ends_within 30 "$guard" || die "the guard of $last does not end"
  put_back >/dev/null 2>&1
  rm -rf "$runs"
  mkdir -p "$runs/$id" || exit 1
  cat >"$runs/$id/config.yaml"
  # A shell that ignores SIGHUP, and holds nothing of the connection, outlives it.
  (
    trap '' HUP
    sh "$agent" run "$@" &
    pid=$!
    sh "$agent" guard "$id" "$pid" $((60 + $3 + $4 + longest_start)) &
    echo "$id $pid $!" >"$work/current"
  ) </dev/null >"$runs/$id/agent.log" 2>&1
}

# failed WHAT: the run's result; its process ends.
failed() {
  result="failed $*"
  exit 1
}

run() {
  id=$1 interface=$2 warm_up=$3 seconds=$4 rate=$5
  shift 5
  result="failed it was stopped" started='' launched_s='' start_s='' end_s='' addresses=''
  trap finish EXIT
  trap 'exit 143' TERM INT
  cd "$runs/$id" || exit 1
  power_before=$(power_of "$interface")
  started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  [ "$rate" = auto ] || set_bit_rate "$interface" "$rate" || failed "the bit rate cannot be set"
  # More than is measured: the clients begin a little late, and so may the daemon.
  length=$((warm_up + seconds + 1 + longest_start))
  launched_s=$(now)
  while [ $# -ge 5 ]; do
    udp=
    [ "$3" = tcp ] || udp="-u -b ${4}M -l $5"
    # shellcheck disable=SC2086 # words
    iperf3 -c "$2" -p $((5200 + $1)) $udp -t "$length" -i 1 -J --get-server-output >"iperf-$1.json" 2>&1 &
    echo $! >>"$work/clients"
    addresses="$addresses $1=$2"
    shift 5
  done
  # Not in one piece: a shell hears a signal when its child has ended.
  warm=$((${launched_s%.*} + warm_up))
  while at=$(now) && [ "${at%.*}" -lt "$warm" ]; do
    sleep 1
    clients_live
  done
  mkdir -p "$work/state"
  "$daemon" run -c config.yaml --state-dir "$work/state" >daemon.log 2>&1 &
  daemon_pid=$!
  echo "$daemon_pid" >"$work/daemon.pid"
  at=$(now)
  latest=$((${at%.*} + longest_start))
  until grep -q '"type":"interface_up"' journal.jsonl; do
    is_alive "$daemon_pid" || failed "the daemon ended: $(tail -n 1 daemon.log)"
    at=$(now)
    [ "${at%.*}" -lt "$latest" ] || failed "the daemon drove nothing within $longest_start s"
    sleep 1
  done 2>/dev/null
  start_s=$(now)
  end=$((${start_s%.*} + seconds))
  while at=$(now) && [ "${at%.*}" -lt "$end" ]; do
    is_alive "$daemon_pid" || failed "the daemon ended: $(tail -n 1 daemon.log)"
    clients_live
    sleep 1
  done
  end_s=$(now)
  kill -TERM "$daemon_pid"
  status=0
  wait "$daemon_pid" || status=$?
  [ "$status" -eq 0 ] || failed "the daemon ended with status $status: $(tail -n 1 daemon.log)"
  rm -f "$work/daemon.pid"
  while read -r pid; do ends_within $((20 + longest_start)) "$pid" || failed "iperf3 did not end"; done <"$work/clients"
  rm -f "$work/clients"
  result='done'
}

# A client that has ended before the measured part has, failed.
clients_live() {
  while read -r pid; do
    is_alive "$pid" || failed "iperf3: $(sed -n 's/.*"error":[[:space:]]*\(.*\)/\1/p' iperf-*.json | head -n 1 |
      grep . || echo "it ended before what is measured did")"
  done <"$work/clients"
}

# The end of a run, however it comes.
finish() {
  trap '' TERM INT
  put_back
  {
    echo "boot=$boot"
    echo "kernel=$(uname -r)"
    echo "date=$started"
    echo "launched_s=$launched_s"
    echo "start_s=$start_s"
    echo "end_s=$end_s"
    echo "power_before=$power_before"
    echo "power_after=$(power_of "$interface")"
    for pair in $addresses; do
      echo "mac_${pair%%=*}=$(awk -v ip="${pair#*=}" '$1 == ip { print $4; exit }' /proc/net/arp)"
    done
  } >"$runs/$id/facts"
  echo "$result" >"$runs/$id/result.new"
  mv "$runs/$id/result.new" "$runs/$id/result"
}

# guard ID PID SECONDS: watches over a run's process.
guard() {
  waited=0
  while is_alive "$2" && [ "$waited" -lt "$3" ]; do
    sleep 1
    waited=$((waited + 1))
  done
  [ ! -e "$runs/$1/result" ] || exit 0
  kill -TERM "$2" 2>/dev/null
  ends_within 15 "$2" || kill -KILL "$2" 2>/dev/null
  put_back
  [ -e "$runs/$1/result" ] || echo "failed its process did not end by itself" >"$runs/$1/result"
}

# Until its result is there, which is its guard's work if its process was killed.
is_running() {
  last='' pid='' guard=''
  [ ! -r "$work/current" ] || read -r last pid guard <"$work/current"
  [ -n "$last" ] && [ ! -e "$runs/$last/result" ] && { is_alive "$pid" || is_alive "$guard"; }
}

state() {
  echo "boot=$boot"
  if is_running; then
    echo state=running
  elif [ -z "$last" ]; then
    echo state=none
  else
    echo "state=$(cat "$runs/$last/result" 2>/dev/null || echo "failed its processes are gone")"
  fi
  echo "run=$last"
}

list() {
  cd "$runs/$1" || exit 1
  for file in *; do echo "$(wc -c <"$file") $file"; done
}

stop() {
  if is_running; then
    kill -TERM "$pid" 2>/dev/null
    ends_within 30 "$guard" || kill -KILL "$pid" "$guard"
  fi
  put_back
}

# begin NAME SECONDS COMMAND...: ends by itself after so long.
begin() {
  name=$1 longest=$2
  shift 2
  end "$name"
  (
    trap '' HUP
    "$@" &
    echo $! >"$work/$name.pid"
    sh "$agent" expire "$!" "$longest" &
  ) </dev/null >"$work/$name.log" 2>&1
}
expire() { ends_within "$2" "$1" || kill "$1"; }
end() {
  old=$(cat "$work/$1.pid" 2>/dev/null) || return 0
  kill "$old" 2>/dev/null
  ends_within 5 "$old" || kill -KILL "$old" 2>/dev/null
  rm -f "$work/$1.pid"
}

serve() {
  [ "$(has iperf3)" = yes ] || die "iperf3 is not installed"
  inside=
  # Not ip netns: busybox has an ip without it.
  [ -z "${3:-}" ] || inside="nsenter --net=/var/run/netns/$3"
  # shellcheck disable=SC2086 # words
  begin "serve-$1" "$2" $inside iperf3 -s -1 -J -p "$1"
  sleep 1
  is_alive "$(cat "$work/serve-$1.pid")" || die "iperf3's server ended: $(grep . "$work/serve-$1.log" | tail -n 1)"
}

capture() {
  [ "$(has tcpdump)" = yes ] || die "tcpdump is not installed"
  for old in "$runs"/*; do [ "$old" = "$runs/$1" ] || rm -rf "$old"; done
  mkdir -p "$runs/$1"
  # Headers are enough; so many frames fit into a router's memory.
  begin capture $(($3 + longest_start)) tcpdump -U -i "$2" -s 128 -c 200000 -w "$runs/$1/capture.pcap"
  sleep 1
  is_alive "$(cat "$work/capture.pid")" || die "tcpdump ended: $(tail -n 1 "$work/capture.log")"
}

command=$1
shift
case $command in
  look | start | run | guard | state | list | stop | expire | serve | capture | end) "$command" "$@" ;;
  restore)
    stop
    echo "power=$(power_of "$1")"
    ;;
  *) die "what is '$command'?" ;;
esac

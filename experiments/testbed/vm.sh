#!/bin/bash
# A machine with Debian's own kernel for one job.
#   vm.sh run [--share DIR] [--timeout S] JOB.sh [ARGUMENT...]
#       Boots, runs JOB.sh as root with this machine's file system read-only underneath (writes
#       go to memory) and DIR writable at $VM_SHARE; exits with the job's status. Variables named
#       PIANISSIMO_* are passed on. 124: the time (default 300 s) was over; 125: no boot.
#       With VM_SSH_PORT, that port of 127.0.0.1 is port 22 of the guest, at 192.168.76.15 on eth0.
#   vm.sh prepare        fetches and builds what is needed, so that `run` is quick and offline
#   vm.sh module         builds the hwsim module with aggregates; prints its path in the guest
#   vm.sh information    prints kernel and accelerator as name=value lines
#   vm.sh missing        prints the Debian packages that are not installed
set -euo pipefail
# shellcheck source=experiments/testbed/vm/common.sh
. "$(dirname "$0")/vm/common.sh"
# shellcheck source=experiments/testbed/vm/kernel.sh
. "$testbed_dir/vm/kernel.sh"
# shellcheck source=experiments/testbed/vm/boot.sh
. "$testbed_dir/vm/boot.sh"
# shellcheck source=experiments/testbed/vm/hwsim_module.sh
. "$testbed_dir/vm/hwsim_module.sh"

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
}

run() {
  local share='' timeout=300
  while [ $# -gt 0 ]; do
    case $1 in
      --share) share=$(cd "$2" && pwd) || die "--share: no directory '$2'"; shift 2 ;;
      --timeout) timeout=$2; shift 2 ;;
      -*) usage ;;
      *) break ;;
    esac
  done
  [ $# -ge 1 ] || usage
  [ -r "$1" ] || die "no job '$1'"
  local job
  job=$(realpath "$1")
  shift
  require_packages
  prepare_kernel
  local accelerator
  accelerator=$(choose_accelerator)

  control=$(mktemp -d)
  machine=''
  trap '[ -z "$machine" ] || kill "$machine" 2>/dev/null; rm -rf "$control"' EXIT
  trap 'exit 130' INT TERM
  [ -n "$share" ] || { share=$control/share && mkdir "$share"; }
  write_job "$control" "$job" "$@"
  # Our own hold on the pipe keeps the reader alive until the machine is gone, however it went.
  mkfifo "$control/output"
  exec 8<>"$control/output"
  cat <"$control/output" 8>&- &
  local reader=$!
  start_machine "$accelerator" "$control" "$share" "$timeout" 8>&- &
  machine=$!
  local status=0
  wait "$machine" || status=$?
  machine=''
  exec 8>&-
  wait "$reader" || true
  if [ -s "$control/status" ]; then
    status=$(cat "$control/status")
  elif [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
    say "error: the job did not end within $timeout s; the console's last lines:"
    tail -n 20 "$control/console.log" >&2
    status=124
  else
    say "error: the machine stopped without a result (qemu: $status); its last lines:"
    tail -n 20 "$control/qemu.log" "$control/console.log" >&2
    status=125
  fi
  [ ! -e "$control/ready" ] || say_times "$accelerator"
  return "$status"
}

say_times() {
  [ -z "${VM_VERBOSE:-}" ] || say "booted with $1 in $(cat "$control/ready") s (guest's clock)"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  run) run "$@" ;;
  prepare)
    require_packages
    prepare_kernel
    build_hwsim_module
    choose_accelerator >/dev/null
    ;;
  module)
    require_packages
    prepare_kernel
    build_hwsim_module
    echo /vm/kernel/mac80211_hwsim.ko
    ;;
  information)
    prepare_kernel
    printf 'kernel=%s\nkernel_package=%s\naccelerator=%s\n' "$kernel_version" \
      "$kernel_package_version" "$(choose_accelerator)"
    ;;
  missing) missing_packages ;;
  *) usage ;;
esac

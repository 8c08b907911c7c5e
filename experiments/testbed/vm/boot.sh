# shellcheck shell=bash disable=SC2154,SC2054 # kernel_*: of kernel.sh; QEMU's options have commas
# Sourced after common.sh and kernel.sh: one machine, one job.

# start_machine ACCELERATOR CONTROL SHARE TIMEOUT: runs until the guest switches itself off.
start_machine() {
  local accelerator=$1 control=$2 share=$3 timeout=$4
  local accelerate=(-accel "tcg,thread=multi,tb-size=512" -cpu max)
  [ "$accelerator" != kvm ] || accelerate=(-accel kvm -cpu host)
  # mitigations=off: speed; tsc=reliable: on a busy host the emulated clock would be distrusted.
  local line="console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable random.trust_cpu=on"
  local shares=() name path mode
  while read -r name path mode; do
    shares+=(-fsdev "local,id=$name,path=$path,security_model=none,multidevs=remap$mode"
      -device "virtio-9p-pci,fsdev=$name,mount_tag=$name")
  done <<SHARES
host_root / ,readonly=on
control $control
share $share
kernel $kernel_cache ,readonly=on
SHARES
  # Only this way leads in, and none out.
  local network=()
  [ -z "${VM_SSH_PORT:-}" ] || network=(
    -netdev "user,id=ssh,restrict=on,net=192.168.76.0/24,hostfwd=tcp:127.0.0.1:$VM_SSH_PORT-192.168.76.15:22"
    -device virtio-net-pci,netdev=ssh,romfile=)
  # The job's output has a port of its own: faster than the serial line, and free of the kernel's
  # messages, which go to a file.
  exec timeout --foreground --kill-after=5 "$timeout" qemu-system-x86_64 "${accelerate[@]}" \
    -machine q35 -smp 2 -m "${VM_MEMORY:-1024}" -nodefaults -no-user-config -display none \
    -no-reboot -kernel "$kernel_cache/vmlinux" -initrd "$kernel_cache/initramfs.gz" \
    -append "$line" -serial "file:$control/console.log" "${shares[@]}" "${network[@]}" \
    -device virtio-serial-pci -chardev "file,id=job,path=$control/output" \
    -device virtserialport,chardev=job,name=job </dev/null >"$control/qemu.log" 2>&1
}

# write_job CONTROL JOB ARGS...: what guest_init runs, and where.
write_job() {
  local control=$1
  shift
  pwd >"$control/directory"
  printf '%s\0' "$@" >"$control/job"
  # What is named PIANISSIMO_* is ours, and follows into the guest.
  local name
  for name in "${!PIANISSIMO_@}"; do
    printf 'export %s=%q\n' "$name" "${!name}"
  done >"$control/environment"
}

# Prints kvm or tcg. That /dev/kvm exists does not mean that Debian's kernel boots with it (some
# clouds' nested KVM cannot), so we try once, for at most 20 s, and remember the answer.
choose_accelerator() {
  if [ -n "${PIANISSIMO_TESTBED_ACCELERATOR:-}" ]; then
    echo "$PIANISSIMO_TESTBED_ACCELERATOR"
    return
  fi
  if [ ! -w /dev/kvm ]; then
    echo tcg
    return
  fi
  local answer
  answer=$kernel_cache/accelerator-$(uname -r)
  if [ ! -e "$answer" ]; then
    say "trying KVM (at most 20 s, once)"
    local control
    control=$(mktemp -d)
    mkdir "$control/share"
    write_job "$control" -c true
    (start_machine kvm "$control" "$control/share" 20) >/dev/null 2>&1 || true
    if [ "$(cat "$control/status" 2>/dev/null)" = 0 ]; then
      echo kvm >"$answer"
    else
      say "KVM cannot boot Debian's kernel here: using emulation"
      echo tcg >"$answer"
    fi
    rm -rf "$control"
  fi
  cat "$answer"
}

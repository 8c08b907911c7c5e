# shellcheck shell=bash disable=SC2154 # cache_root, testbed_dir: of common.sh
# Sourced after common.sh: Debian's kernel, unpacked but not installed.

# Sets kernel_version (uname -r), kernel_package_version and kernel_cache for the kernel that
# linux-image-amd64 stands for today, or, without package lists, for the newest one in the cache.
find_kernel() {
  local image
  image=$(apt-cache depends linux-image-amd64 2>/dev/null |
    awk '$1 == "Depends:" && $2 ~ /^linux-image-/ { print $2; exit }') || true
  if [ -n "$image" ]; then
    kernel_version=${image#linux-image-}
    kernel_package_version=$(apt-cache show --no-all-versions "$image" |
      awk '$1 == "Version:" { print $2; exit }')
    kernel_cache=$cache_root/${kernel_version}_$kernel_package_version
    return
  fi
  kernel_cache=$(find "$cache_root" -mindepth 2 -maxdepth 2 -name vmlinux 2>/dev/null |
    sort -V | tail -n 1)
  [ -n "$kernel_cache" ] || die "apt knows no linux-image-amd64: run 'apt-get update' first"
  kernel_cache=${kernel_cache%/vmlinux}
  kernel_version=$(basename "${kernel_cache%_*}")
  kernel_package_version=${kernel_cache##*_}
}

# Fills kernel_cache: vmlinux, lib/modules, initramfs.gz. Does nothing when they are there.
prepare_kernel() {
  find_kernel
  mkdir -p "$kernel_cache"
  # Two runs at once must not unpack into each other.
  exec 9>"$kernel_cache/lock"
  flock 9
  [ -e "$kernel_cache/vmlinux" ] || unpack_kernel
  local inputs=("$testbed_dir/vm/initramfs.sh" "$testbed_dir/vm/guest_init")
  if [ ! -e "$kernel_cache/initramfs.gz" ] || [ -n "$(find "${inputs[@]}" \
    -newer "$kernel_cache/initramfs.gz")" ]; then
    bash "$testbed_dir/vm/initramfs.sh" "$kernel_cache" "$kernel_version"
  fi
  flock -u 9
}

unpack_kernel() (
  say "fetching Debian's kernel $kernel_version ($kernel_package_version), 70 MB, once"
  work=$(mktemp -d "$kernel_cache/unpack.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work" || exit
  download_package "linux-image-$kernel_version=$kernel_package_version"
  dpkg-deb -x ./*.deb root
  depmod -b root "$kernel_version"
  rm -rf "${kernel_cache:?}/lib"
  mv root/lib "$kernel_cache/lib"
  # Booting an uncompressed kernel saves the emulated xz decompressor: 4 s.
  python3 "$testbed_dir/vm/extract_vmlinux.py" "root/boot/vmlinuz-$kernel_version" vmlinux
  mv vmlinux "$kernel_cache/vmlinux"
)

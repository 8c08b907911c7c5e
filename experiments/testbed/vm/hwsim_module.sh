# shellcheck shell=bash disable=SC2154 # kernel_*: of kernel.sh, testbed_dir: of common.sh
# Sourced after common.sh and kernel.sh: Debian's mac80211_hwsim with the change that lets a
# medium report aggregates.

# Makes kernel_cache/mac80211_hwsim.ko from the source of exactly the kernel that is booted.
build_hwsim_module() {
  local module=$kernel_cache/mac80211_hwsim.ko
  exec 9>"$kernel_cache/lock"
  flock 9
  if [ ! -e "$module" ] || [ "$testbed_dir/vm/edit_hwsim.py" -nt "$module" ]; then
    build_hwsim_module_in_temporary
  fi
  flock -u 9
}

build_hwsim_module_in_temporary() (
  say "building the hwsim module with aggregates (150 MB of source and headers, once)"
  series=$(echo "$kernel_version" | cut -d. -f1,2)
  work=$(mktemp -d "$kernel_cache/module.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work" || exit
  for package in "linux-headers-$kernel_version" \
    "linux-headers-${kernel_version%-amd64}-common" "linux-kbuild-$series" \
    "linux-source-$series"; do
    download_package "$package=$kernel_package_version"
  done
  for package in linux-headers-*.deb linux-kbuild-*.deb; do dpkg-deb -x "$package" headers; done

  # Two files out of a packed tree of 140 MB.
  dpkg-deb --fsys-tarfile linux-source-*.deb |
    tar -xO "./usr/src/linux-source-$series.tar.xz" >source.tar.xz
  tar -xJf source.tar.xz --strip-components=4 --occurrence=1 \
    "linux-source-$series/drivers/net/wireless/mac80211_hwsim.c" \
    "linux-source-$series/drivers/net/wireless/mac80211_hwsim.h"
  mkdir module
  mv mac80211_hwsim.[ch] module/
  python3 "$testbed_dir/vm/edit_hwsim.py" module/mac80211_hwsim.c
  echo 'obj-m := mac80211_hwsim.o' >module/Makefile

  # The headers expect to be installed in /usr/src.
  tree=$work/headers/usr/src/linux-headers-$kernel_version
  sed -i "s|/usr/src/|$work/headers/usr/src/|" "$tree/Makefile"
  make -C "$tree" M="$work/module" CC=gcc-12 modules >make.log 2>&1 || {
    tail -n 30 make.log >&2
    die "the hwsim module does not build (--no-aggregates does without it)"
  }
  mv module/mac80211_hwsim.ko "$kernel_cache/mac80211_hwsim.ko"
)

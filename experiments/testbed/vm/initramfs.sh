#!/bin/bash
# initramfs.sh CACHE VERSION: makes CACHE/initramfs.gz, whose only job is to put a writable overlay
# over the host's root file system (9p, read-only) and to start guest_init there.
set -euo pipefail
cache=$1 version=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,dev,proc,sys,host,upper,newroot,modules}
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/guest_init" "$root/guest_init"

for module in virtio_pci virtio_console 9pnet_virtio 9p overlay; do
  modprobe -d "$cache" -S "$version" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' | while read -r file; do
  cp "$file" "$root/modules/"
  basename "$file" >>"$root/modules/order"
done

cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
fail() { echo "testbed: $*"; poweroff -f; }
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module" || fail "insmod $module"; done </modules/order
nine=trans=virtio,version=9p2000.L,msize=512000
mount -t 9p -o ro,$nine,cache=loose host_root /host || fail "9p: host's root"
mount -t tmpfs -o mode=755 upper /upper; mkdir /upper/upper /upper/work
mount -t overlay -o lowerdir=/host,upperdir=/upper/upper,workdir=/upper/work root /newroot ||
  fail "overlay"
mkdir -p /newroot/vm/control /newroot/vm/share /newroot/vm/kernel
mount -t 9p -o rw,$nine,cache=none control /newroot/vm/control || fail "9p: control"
mount -t 9p -o rw,$nine,cache=none share /newroot/vm/share || fail "9p: share"
mount -t 9p -o ro,$nine,cache=loose kernel /newroot/vm/kernel || fail "9p: kernel"
rm -rf /newroot/lib/modules; mkdir -p /newroot/lib/modules
ln -s "/vm/kernel/lib/modules/$(uname -r)" "/newroot/lib/modules/$(uname -r)"
cp /guest_init /newroot/vm/guest_init
mount --move /proc /newroot/proc; mount --move /sys /newroot/sys; mount --move /dev /newroot/dev
# The host's /run is about the host's processes. Its /tmp stays: work trees live there.
mount -t tmpfs run /newroot/run
exec switch_root /newroot /vm/guest_init
INIT
chmod +x "$root/init" "$root/guest_init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$cache/initramfs.gz.new"
mv "$cache/initramfs.gz.new" "$cache/initramfs.gz"

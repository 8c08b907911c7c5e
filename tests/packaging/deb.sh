#!/usr/bin/env bash
# The life of the Debian packages in a clean Debian 12: install, upgrade, remove, purge. Needs root and
# debootstrap, and takes Debian's packages from the mirror that this machine uses.
#
#   deb.sh FOLDER     the folder with the packages, as ./dev release leaves it (out/release)
#
# systemd does not run there. What the packages ask of it is written down by a script in the place of
# systemctl; the unit itself is judged by systemd-analyze.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:?usage: deb.sh FOLDER}
shopt -s nullglob
daemon=("$folder"/pianissimo_*.deb) lab=("$folder"/pianissimo-lab_*.deb)
[ ${#daemon[@]} = 1 ] && [ ${#lab[@]} = 1 ] || { echo "no packages in $folder: ./dev release"; exit 77; }
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || { echo "needs root and debootstrap"; exit 77; }

readonly base=out/packaging/bookworm root=out/packaging/root
mirror=$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1) || true
if [ ! -e "$base.complete" ]; then
  rm -rf "$base"
  debootstrap --variant=minbase --include=systemd,apparmor bookworm "$base" "${mirror:-http://deb.debian.org/debian}" \
    >out/packaging/debootstrap.log
  touch "$base.complete"
fi
rm -rf "$root"
cp -a "$base" "$root"
trap 'rm -rf "$root"' EXIT
cp /etc/resolv.conf "$root/etc/resolv.conf"

failures=0
check() {
  local what=$1
  shift
  if "$@" >/dev/null 2>&1; then
    printf '  ok      %s\n' "$what"
  else
    printf '  FAILED  %s: %s\n' "$what" "$*"
    failures=$((failures + 1))
  fi
}
# In a PID namespace of its own, with /proc, /sys and /dev as a container has them. No mount is left behind.
inside() {
  unshare --mount --pid --fork --kill-child -- sh -c '
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
  ' sh "$root" "$@"
}
apt() { inside apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }
# What the packages have asked of systemd, and forgets it.
asked() {
  cat "$root/run/asked" 2>/dev/null
  : >"$root/run/asked"
}
named() { inside find / -xdev -path /proc -prune -o -name '*pianissimo*' -print | { grep -v '^/tmp/' || true; } | sort; }

# A version before: the same files under a lower number.
version=$(dpkg-deb -f "${daemon[0]}" Version)
for package in "${daemon[0]}" "${lab[0]}"; do
  dpkg-deb -R "$package" "$root/tmp/before"
  sed -i "s/^Version: .*/Version: $version~before/" "$root/tmp/before/DEBIAN/control"
  name=$(dpkg-deb -f "$package" Package)
  dpkg-deb -b "$root/tmp/before" "$root/tmp/$name-before.deb" >/dev/null
  rm -rf "$root/tmp/before"
  cp "$package" "$root/tmp/$name.deb"
done

# deb-systemd-invoke asks systemctl where /run/systemd/system is there.
mkdir -p "$root/run/systemd/system"
cat >"$root/usr/local/bin/systemctl" <<'END'
#!/bin/sh
echo "$*" >>/run/asked
# "static" or a service that runs: whatever deb-systemd-invoke wants to know, it goes on.
case "$*" in *is-enabled*) echo enabled ;; *show*) echo LoadState=loaded ;; esac
END
chmod +x "$root/usr/local/bin/systemctl"
mv "$root/usr/bin/systemctl" "$root/usr/bin/systemctl.real"
cp "$root/usr/local/bin/systemctl" "$root/usr/bin/systemctl"
: >"$root/run/asked"
readonly notes=$root/run/pianissimo

echo "install $version~before"
apt update
apt install /tmp/pianissimo-before.deb /tmp/pianissimo-lab-before.deb >/dev/null
check 'the user is there' inside getent passwd pianissimo
check 'and has no shell' inside sh -c 'getent passwd pianissimo | grep -q nologin'
check 'the service is not enabled' test ! -e "$root/etc/systemd/system/multi-user.target.wants/pianissimo.service"
check 'and is not started' sh -c '! grep -qE "(^| )(re)?start .*pianissimo" "$1"' sh "$root/run/asked"
check 'the configuration is taken' inside pianissimo check-config /etc/pianissimo/pianissimo.yaml
check 'the program says its version and features' inside sh -c 'pianissimo --version | grep -q ^features:'
check 'the manual page is there' test -e "$root/usr/share/man/man1/pianissimo.1.gz" -o -e "$root/etc/dpkg/dpkg.cfg.d/docker"
check 'systemd-analyze verify has nothing to say' \
  inside sh -c 'test -z "$(systemd-analyze verify --man=no pianissimo.service 2>&1)"'
inside systemd-analyze security --offline=true --no-pager pianissimo.service 2>/dev/null | tail -n 1
check 'its exposure is 2.0 at most' \
  inside systemd-analyze security --offline=true --no-pager --threshold=20 pianissimo.service
check 'the AppArmor profile is understood' inside apparmor_parser -QK /etc/apparmor.d/pianissimo
check 'the laboratory has its scenarios' inside setpriv --reuid=65534 --clear-groups pianissimo-lab simulate --list

echo "upgrade to $version, with a configuration that the operator has changed"
sed -i 's/^interval_ms: .*/interval_ms: 70/' "$root/etc/pianissimo/pianissimo.yaml"
asked >/dev/null
apt install /tmp/pianissimo.deb /tmp/pianissimo-lab.deb >/dev/null
check 'the version is the new one' inside sh -c "test \"\$(dpkg-query -W -f='\${Version}' pianissimo)\" = '$version'"
check 'the configuration is still the operator'"'"'s' grep -qx 'interval_ms: 70' "$root/etc/pianissimo/pianissimo.yaml"
check 'a service that runs is restarted, and only such a one' grep -qE 'try-restart .*pianissimo' "$root/run/asked"
asked | sed 's/^/  systemctl /'

echo 'remove, with a note of a power that nobody has put back'
inside install -d -o pianissimo -g pianissimo /run/pianissimo
echo '{"wlan0":{"path":"interface","wiphy":0,"power_mbm":2000,"interface":3,"setting":"fixed"}}' >"$notes/found.json"
inside chown pianissimo:pianissimo /run/pianissimo/found.json
said=$(apt remove pianissimo 2>&1)
printf '%s\n' "$said" | grep -iE 'pianissimo|nl80211|power' | sed 's/^/  /' || true
check 'the service is stopped' grep -qE '(^| )stop .*pianissimo' "$root/run/asked"
asked | sed 's/^/  systemctl /'
# This machine may have no radio: that it was tried is all that can be shown.
check 'then the power found is put back, or it is said that it could not be' \
  sh -c 'test ! -e "$1" || printf "%s" "$2" | grep -q "may not be back"' sh "$notes/found.json" "$said"
check 'the program is gone' test ! -e "$root/usr/sbin/pianissimo"
check 'the configuration is not' test -e "$root/etc/pianissimo/pianissimo.yaml"

echo 'purge'
mkdir -p "$root/var/lib/pianissimo" && touch "$root/var/lib/pianissimo/salt"
apt purge pianissimo pianissimo-lab >/dev/null
left=$(named)
check 'nothing is left' test -z "$left"
[ -z "$left" ] || sed 's/^/  /' <<<"$left"

[ $failures = 0 ] || { echo "$failures checks failed"; exit 1; }

#!/usr/bin/env bash
# What the Debian package is made of, without building it: the unit, the profile, the configuration,
# and that every installed file is in a package.
#
#   files_test.sh PIANISSIMO BUILD_DIR SOURCE_DIR
set -euo pipefail
pianissimo=$1 build=$2 source=$3 debian=$3/packaging/debian
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() {
  printf 'FAILED: %s\n' "$*"
  failures=$((failures + 1))
}

# The unit, with the program that was built in place of the one that is not installed here.
sed "s,/usr/sbin/pianissimo,$pianissimo," "$debian/pianissimo.service" >"$work/pianissimo.service"
if command -v systemd-analyze >/dev/null; then
  said=$(systemd-analyze verify --man=no "$work/pianissimo.service" 2>&1) || fail "verify: $said"
  [ -z "$said" ] || fail "systemd-analyze verify has something to say: $said"
  # In tenths; packaging/README.md states what it is.
  said=$(systemd-analyze security --offline=true --no-pager --threshold=20 "$work/pianissimo.service" 2>&1) ||
    fail "security: $(tail -n 1 <<<"$said")"
else
  echo 'no systemd-analyze here: the unit is not verified'
fi
# A service that ends badly must not stay without its power.
for line in 'Type=notify' 'ExecStopPost=/usr/sbin/pianissimo restore' 'KillMode=mixed' 'RuntimeDirectoryPreserve=yes'; do
  grep -qx "$line" "$debian/pianissimo.service" || fail "the unit has lost $line"
done

if command -v apparmor_parser >/dev/null; then
  said=$(apparmor_parser --skip-kernel-load --skip-cache "$debian/pianissimo.apparmor" 2>&1) ||
    fail "apparmor_parser: $said"
else
  echo 'no apparmor_parser here: the profile is not read'
fi

for script in prerm postrm; do sh -n "$debian/pianissimo.$script" || fail "$script"; done

# The configuration: the default but for the group, as debian/rules makes it, and one that is taken.
command=$(sed -n "s/^\tsed -i \('.*'\) debian.*/\1/p" "$debian/rules")
eval "sed ${command//\$\$/\$}" "$source/config/pianissimo.yaml" >"$work/pianissimo.yaml"
said=$(diff "$source/config/pianissimo.yaml" "$work/pianissimo.yaml" || true)
[ "$(grep -c '^[<>]' <<<"$said")" = 2 ] && grep -qx '>   group: pianissimo' <<<"$said" ||
  fail "the conffile is not the default with its own group: $said"
said=$("$pianissimo" check-config "$work/pianissimo.yaml" 2>&1) || fail "check-config: $said"

# Every file that CMake installs is in one package, and no package wants one that is not there.
DESTDIR=$work/root cmake --install "$build" --prefix /usr >/dev/null
install -D /dev/null "$work/root/etc/apparmor.d/pianissimo"
(cd "$work/root" && find . -type f | sed 's,^\./,,; s,^usr/etc/,etc/,' | sort) >"$work/installed"
sort "$debian"/*.install >"$work/wanted"
said=$(diff "$work/installed" "$work/wanted") ||
  fail "installed (<) and in the packages (>) differ:
$said"

[ $failures = 0 ] || exit 1

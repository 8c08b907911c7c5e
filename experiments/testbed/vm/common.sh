# shellcheck shell=bash disable=SC2034 # used by those that source this
# Sourced by the host's scripts of the testbed.

testbed_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache_root=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pianissimo/testbed

say() { printf 'testbed: %s\n' "$*" >&2; }
die() {
  say "error: $*"
  exit 1
}

# Prints the names of packages of ours that are not installed.
missing_packages() {
  local package
  sed 's/#.*//' "$testbed_dir/packages" | while read -r package; do
    [ -n "$package" ] || continue
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      echo "$package"
  done
}

require_packages() {
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "$missing" ] || die "packages are missing; install them with: apt-get install $missing"
}

# download_package NAME[=VERSION]: into the current directory.
download_package() {
  local sandbox=()
  # As root apt would drop to _apt, which may not write here, and warn about that.
  [ "$(id -u)" -ne 0 ] || sandbox=(-o APT::Sandbox::User=root)
  apt-get download -q "${sandbox[@]}" "$1" >apt.log 2>&1 || {
    sed 's/^/  /' apt.log >&2
    die "cannot download $1 (is the network up? does 'apt-get update' help?)"
  }
}

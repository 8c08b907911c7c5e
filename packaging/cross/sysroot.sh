#!/usr/bin/env bash
# Makes the folder of libraries that the daemon is linked with on another processor. This machine's own packages stay
# as they are: apt works on lists and a state of its own, below FOLDER.
#
#   sysroot.sh ARCH FOLDER       FOLDER/root is made; kept where it is there already
#
# Debian's own packages where Debian 12 has the processor; Debian's sources, compiled here, where it has not.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=packaging/cross/machine.sh
. "$here/machine.sh"
[ $# -eq 2 ] && machine "$1" || { echo "usage: sysroot.sh ARCH FOLDER" >&2; exit 64; }
folder=$(realpath -m "$2")
readonly here folder root=$folder/root apt=$folder/apt
[ ! -e "$root/complete" ] || exit 0
rm -rf "$root"
mkdir -p "$root" "$apt"/{lists,cache/archives}/partial "$folder/sources"
: >"$apt/status"

# apt_for TYPE ARGUMENT...: TYPE is deb or deb-src.
apt_for() {
  local type=$1
  shift
  printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s bookworm main\n' \
    "$type" http://deb.debian.org/debian >"$apt/sources.list"
  apt-get -qq -o APT::Architecture="${debian:-amd64}" -o APT::Architectures="${debian:-amd64}" \
    -o APT::Sandbox::User=root -o APT::Install-Recommends=false \
    -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null "$@"
}

from_packages() {
  apt_for deb update
  apt_for deb install --download-only -y libnl-3-dev libnl-genl-3-dev libboost1.81-dev \
    libboost-json1.81-dev libyaml-cpp-dev libspdlog-dev libfmt-dev libcli11-dev libpcap-dev \
    nettle-dev libbpf-dev libgtest-dev libgmock-dev >/dev/null
  mkdir -p "$root/usr/lib"
  ln -s usr/lib "$root/lib"
  local package
  for package in "$apt"/cache/archives/*.deb; do
    # The compiler brings these itself. The others are programs.
    case $(basename "$package") in
      libc6* | libc-dev* | linux-libc* | libstdc++* | libgcc* | gcc-* | dpkg* | tar_* | sed_*) continue ;;
    esac
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root"
  done
  # Some links name the file from the top.
  local link
  find "$root/usr/lib" -type l -lname '/*' | while read -r link; do
    ln -sfn "$root$(readlink "$link")" "$link"
  done
}

# compiled FOLDER CMAKE-ARGUMENT...: by the library's own CMakeLists.txt.
compiled() {
  local source=$1
  shift
  cmake -S "$source" -B "$source/build" -G Ninja --toolchain "$here/toolchain.cmake" \
    -DPIANISSIMO_TRIPLET="$triplet" -DPIANISSIMO_EMULATOR="$emulator" -DPIANISSIMO_SYSROOT="$root" \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR="lib/$triplet" \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCMAKE_C_FLAGS='-ffunction-sections -fdata-sections' \
    -DCMAKE_CXX_FLAGS='-ffunction-sections -fdata-sections' -Wno-dev "$@" >"$source.log" &&
    cmake --build "$source/build" -j "${JOBS:-2}" >>"$source.log" &&
    DESTDIR=$root cmake --install "$source/build" >>"$source.log" ||
    { tail -n 40 "$source.log" >&2; exit 1; }
}

# The versions are bookworm's, as its signed index has them; headers without code are this machine's.
from_sources() {
  apt_for deb-src update
  rm -rf "$folder/sources"
  mkdir "$folder/sources"
  (cd "$folder/sources" && apt_for deb-src source \
    libnl3=3.7.0-0.2 nettle=3.8.1-2 yaml-cpp=0.7.0+dfsg-8 fmtlib=9.1.0+ds1-2 spdlog=1:1.10.0+ds-0.4 >/dev/null)
  mkdir -p "$root/usr/include" "$root/usr/share/cmake"
  ln -s /usr/include/boost /usr/include/CLI "$root/usr/include"
  ln -s /usr/share/cmake/CLI11 "$root/usr/share/cmake"
  mkdir "$folder/sources/boost"
  ln -s /usr/include/boost "$folder/sources/boost"
  cp -r "$here/libraries" "$folder/sources"
  cp -r /usr/src/googletest "$folder/sources"
  cd "$folder/sources"
  compiled "$PWD/libraries" -DLIBNL="$PWD/libnl3-3.7.0" -DNETTLE="$PWD/nettle-3.8.1" -DBOOST="$PWD/boost"
  compiled "$PWD/yaml-cpp-0.7.0+dfsg" -DYAML_CPP_BUILD_TESTS=OFF -DYAML_CPP_BUILD_TOOLS=OFF
  compiled "$PWD/fmtlib-9.1.0+ds1" -DFMT_TEST=OFF -DFMT_DOC=OFF
  compiled "$PWD/spdlog-1.10.0+ds" -DSPDLOG_FMT_EXTERNAL=ON -DSPDLOG_BUILD_EXAMPLE=OFF
  compiled "$PWD/googletest"
}

# The compiler's own is of Linux 6.1.8; Debian's later 6.1 has more, and it is the same for every processor.
add_nl80211() {
  mkdir -p "$root/usr/include/linux"
  ln -s /usr/include/linux/nl80211.h "$root/usr/include/linux"
}

if [ -n "$debian" ]; then from_packages; else from_sources; fi
add_nl80211
touch "$root/complete"

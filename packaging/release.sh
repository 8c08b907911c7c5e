#!/usr/bin/env bash
# Makes a release of the commit that is checked out: the source tarball, Debian packages built twice,
# an SBOM, notes and checksums. `./dev release` installs what it needs first.
#
#   release.sh OUT
#
# JOBS: how many compilers at a time (2). DEB_BUILD_OPTIONS and DEB_BUILD_PROFILES as dpkg-buildpackage
# knows them; the profile pkg.pianissimo.nolab leaves the laboratory out.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:?usage: release.sh OUT}")
readonly out work=$out/work

say() { printf '\n== %s\n' "$*"; }
die() { printf 'release: %s\n' "$*" >&2; exit 1; }

# CMake's version is the one that the programs say. A tag must agree with it.
version=$(sed -n 's/^project(pianissimo VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
[ -n "$version" ] || die "CMakeLists.txt names no version"
if tag=$(git describe --tags --exact-match --match 'v*' 2>/dev/null); then
  [ "$tag" = "v$version" ] || die "the tag is $tag, but CMakeLists.txt says $version"
else
  say "no tag v$version at this commit: a trial of $version, not a release"
fi
[ -z "$(git status --porcelain)" ] || say "what is not committed is not in it"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
umask 022

# The commit's files, uPlot as package-lock.json names it, and debian/ where Debian's tools look for it.
make_source() {
  local source=$work/pianissimo-$version npm=$work/npm uplot
  mkdir -p "$source" "$npm"
  git archive --format=tar HEAD | tar -x -C "$source"
  cp controller/drawing/{package.json,package-lock.json,.npmrc} "$npm"
  (cd "$npm" && npm ci --silent)
  uplot=$npm/node_modules/uplot
  mkdir -p "$source/packaging/uplot/dist"
  cp "$uplot/LICENSE" "$uplot/package.json" "$source/packaging/uplot"
  cp "$uplot"/dist/uPlot.{iife.js,iife.min.js,min.css} "$source/packaging/uplot/dist"
  cp -r packaging/debian "$source/debian"
  cat >"$source/debian/changelog" <<END
pianissimo ($version) unstable; urgency=medium

  * Version $version of upstream, who also makes this package. CHANGELOG.md has
    what changed.

 -- $(sed -n 's/^Maintainer: //p' packaging/debian/control)  $(date -R -d "@$SOURCE_DATE_EPOCH")
END
  chmod -R u=rwX,go=rX "$source"
  tar -C "$work" --sort=name --format=posix --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 \
    --numeric-owner --pax-option=delete=atime,delete=ctime -c "pianissimo-$version" |
    gzip -n -9 >"$out/pianissimo-$version.tar.gz"
}

# build FOLDER: unpacks the tarball there and builds the packages. ccache may serve a compilation in the
# same folder, but never one in another: it would make paths relative, which -ffile-prefix-map does
# not, and both builds would share what one compiler has put out.
build() {
  mkdir -p "$1"
  tar -C "$1" -xf "$out/pianissimo-$version.tar.gz"
  (cd "$1/pianissimo-$version" &&
    PATH=/usr/lib/ccache:$PATH CCACHE_BASEDIR='' CCACHE_HASHDIR=1 \
      DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS:-parallel=${JOBS:-2} nocheck}" \
      dpkg-buildpackage -us -uc -b >"$1/build.log" 2>&1) ||
    { tail -n 40 "$1/build.log"; die "the build failed: $1/build.log"; }
}

# The section of this version, or what is not released yet.
notes() {
  awk -v version="$version" '
    /^## / { is_in = index($0, "## " version) == 1 || index($0, "## [" version "]") == 1; next }
    is_in' CHANGELOG.md >"$work/notes"
  [ -s "$work/notes" ] || awk '/^## / { is_in = ($2 == "Unreleased"); next } is_in' CHANGELOG.md >"$work/notes"
  { printf '# Pianissimo %s\n' "$version"; cat "$work/notes"; } >"$out/RELEASE_NOTES.md"
}

rm -rf "$out"
mkdir -p "$work"
say "source: pianissimo-$version.tar.gz"
make_source
say "Debian packages, the first time"
build "$work/first"
say "Debian packages, the second time, in another folder"
build "$work/and-once-more"
for package in "$work"/first/*.deb; do
  cmp "$package" "$work/and-once-more/${package##*/}" || die "${package##*/} differs between two builds"
  cp "$package" "$out"
done
say "SBOM, notes, checksums"
shopt -s nullglob
python3 -B packaging/sbom.py --version "$version" --commit "$(git rev-parse HEAD)" \
  --lock controller/drawing/package-lock.json \
  "$work/first/pianissimo-$version"/debian/pianissimo*/usr/{sbin/pianissimo,bin/pianissimo-lab} \
  >"$out/pianissimo-$version.spdx.json"
notes
(cd "$out" && sha256sum ./*.tar.gz ./*.deb ./*.spdx.json RELEASE_NOTES.md | sed 's, \./, ,' >SHA256SUMS)
rm -rf "$work"
cat "$out/SHA256SUMS"

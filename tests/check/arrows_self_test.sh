#!/bin/sh
# Plants one forbidden include after the other in a copy of the project and sees arrows.sh fail.
#
#   arrows_self_test.sh ROOT
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
for folder in controller nl80211 bpf config experiments; do
  mkdir -p "$copy/$folder"
  (cd "$1" && find "$folder" -type f \( -name '*.[ch]' -o -name '*.[ch]pp' \) 2>/dev/null) |
    while read -r file; do
      mkdir -p "$copy/$(dirname "$file")"
      cp "$1/$file" "$copy/$file"
    done
done

planted=0
failed=0
plant() {  # plant FILE INCLUDE: FILE may not include INCLUDE
  planted=$((planted + 1))
  mkdir -p "$copy/$(dirname "$1")"
  [ -e "$copy/$1" ] && cp "$copy/$1" "$copy/saved"
  echo "#include $2" >> "$copy/$1"
  target=$(echo "$2" | tr -d '<>"')
  if said=$(sh "$here/arrows.sh" "$copy") || ! echo "$said" | grep -q "^$1:[0-9]*:$target\$"; then
    echo "not found: #include $2 in $1"
    failed=$((failed + 1))
  fi
  rm "$copy/$1"
  [ -e "$copy/saved" ] && mv "$copy/saved" "$copy/$1"
  return 0
}

plant controller/core/controller.cpp '<thread>'
plant controller/core/domain.hpp '<iostream>'
plant controller/core/units.hpp '<ctime>'
plant controller/core/units.hpp '<unistd.h>'
plant controller/core/policy.hpp '"controller/policy/descend.hpp"'
plant controller/core/events.hpp '<boost/json/value.hpp>'
plant controller/core/new.cpp '"policy.hpp"'
plant controller/policy/descend.cpp '<random>'
plant controller/policy/descend.cpp '"controller/journal/record.hpp"'
plant controller/policy/descend.cpp '"config/config.hpp"'
plant controller/journal/record.cpp '<mutex>'
plant controller/journal/record.cpp '<fcntl.h>'
plant controller/journal/writer.cpp '"controller/policy/descend.hpp"'
plant controller/journal/writer.cpp '<spdlog/spdlog.h>'
plant controller/drawing/mark_look.hpp '"controller/journal/record.hpp"'
plant controller/service/main.cpp '"experiments/lab.hpp"'
plant nl80211/new.cpp '"bpf/reader.hpp"'
plant nl80211/new.cpp '"config/config.hpp"'
plant nl80211/new.cpp '"controller/journal/record.hpp"'
plant nl80211/new.cpp '<spdlog/spdlog.h>'
plant bpf/new.cpp '"nl80211/radio.hpp"'
plant bpf/new.cpp '<netlink/netlink.h>'
plant config/new.cpp '"controller/service/daemon.hpp"'
plant config/new.cpp '"nl80211/driver.hpp"'
plant config/new.cpp '<boost/asio/io_context.hpp>'
plant config/new.cpp '<spdlog/spdlog.h>'
plant experiments/recorded/world.cpp '"experiments/report/input.hpp"'
plant experiments/new.cpp '"controller/service/daemon.hpp"'
plant experiments/new.cpp '"nl80211/radio.hpp"'
plant experiments/new.cpp '<spdlog/spdlog.h>'

# A folder that nobody has thought of.
mkdir "$copy/controller/shortcut"
echo > "$copy/controller/shortcut/shortcut.hpp"
planted=$((planted + 1))
if sh "$here/arrows.sh" "$copy" > "$copy/said" || ! grep -q shortcut.hpp "$copy/said"; then
  echo "not found: a file without a rule"
  failed=$((failed + 1))
fi

echo "$planted violations planted, $failed not found"
[ "$failed" -eq 0 ]
